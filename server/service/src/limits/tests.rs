use super::*;
use chrono::DateTime;

fn limits(ephemeral: Ephemeral, table: LimitTable) -> Limits {
    Limits::new(
        Live::with_limits(table),
        ephemeral,
        Clock::new(|| DateTime::from_timestamp(1_800_000_000, 0).unwrap()),
    )
}

fn key() -> LimitKey {
    LimitKey::name("alice")
}

async fn passed(limits: &Limits, name: LimitName, tries: usize) -> usize {
    let mut passed = 0;
    for _ in 0..tries {
        passed += usize::from(limits.take(name, &key()).await.is_ok());
    }
    passed
}

#[tokio::test]
async fn every_limit_that_has_a_number_holds() {
    let limits = limits(Ephemeral::local(), LimitTable::default());
    for name in LimitName::ALL {
        let expected = name.default_settings().number.map_or(400, |number| number as usize);
        assert_eq!(passed(&limits, name, 400).await, expected, "{name:?}");
    }
    assert_eq!(limits.counting(), Counting::InProcess);
}

#[tokio::test]
async fn a_redis_that_is_away_is_replaced_and_not_waited_for() {
    let ephemeral = Ephemeral::open(Some("redis://127.0.0.1:1/"), "test").await.unwrap();
    let limits = limits(ephemeral, LimitTable::default());
    assert_eq!(limits.counting(), Counting::InRedis);
    assert_eq!(passed(&limits, LimitName::SecondFactor, 50).await, 10);
    assert_eq!(limits.counting(), Counting::WithoutRedis);
    limits.clear(LimitName::SecondFactor, &key()).await;
    assert_eq!(passed(&limits, LimitName::SecondFactor, 50).await, 10);
}

#[tokio::test]
async fn limits_that_are_switched_off_let_everything_through() {
    let mut table = LimitTable::default();
    table.enabled = false;
    let limits = limits(Ephemeral::local(), table);
    assert_eq!(passed(&limits, LimitName::SecondFactor, 50).await, 50);
    assert_eq!(limits.take(LimitName::SecondFactor, &key()).await, Ok(None));
    assert_eq!(limits.counting(), Counting::Off);
}

#[tokio::test]
async fn the_failure_that_was_the_last_allowed_is_remembered_here() {
    let limits = limits(Ephemeral::local(), LimitTable::default());
    let name = LimitName::ClientAuthentication;
    for _ in 0..20 {
        assert!(limits.check_here(name, &key()).is_ok());
        assert!(limits.failed(&[(name, key())]).await.is_ok());
    }
    let refused = limits.check_here(name, &key()).unwrap_err();
    assert_eq!(refused.retry_after, limits.failed(&[(name, key())]).await.unwrap_err().retry_after);
    limits.clear(name, &key()).await;
    assert!(limits.check_here(name, &key()).is_ok());
}

#[tokio::test]
async fn no_more_guesses_fail_at_once_than_one_after_the_other_also_while_redis_is_slow() {
    // It accepts connections, by its backlog, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}", silent.local_addr().unwrap());
    let ephemeral = Ephemeral::open(Some(&url), "test").await.unwrap();
    let limits = limits(ephemeral, LimitTable::default());
    let name = LimitName::ClientAuthentication;
    let mut guesses = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let limits = limits.clone();
        guesses.spawn(async move {
            let compared = limits.check_here(name, &key()).is_ok();
            if compared {
                limits.failed(&[(name, key())]).await.unwrap();
            }
            usize::from(compared)
        });
    }
    assert_eq!(guesses.join_all().await.into_iter().sum::<usize>(), 20);
}

#[tokio::test]
async fn a_refusal_says_when_to_come_again_and_what_the_limit_is() {
    let limits = limits(Ephemeral::local(), LimitTable::default());
    let first = limits.take(LimitName::SecondFactor, &key()).await.unwrap().unwrap();
    assert_eq!(first.field(), "\"second_factor\";r=9;t=900");
    passed(&limits, LimitName::SecondFactor, 9).await;
    let Limited { retry_after, limit } = limits.take(LimitName::SecondFactor, &key()).await.unwrap_err();
    assert_eq!((retry_after, limit.policy_field().as_str()), (900, "\"second_factor\";q=10;w=900"));
    limits.give_back(LimitName::SecondFactor, &key()).await;
    assert_eq!(limits.peek(LimitName::SecondFactor, &key()).await.unwrap().unwrap().remaining, 1);
}
