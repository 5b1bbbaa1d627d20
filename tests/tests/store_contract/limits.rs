//! Limits, in this process and in Redis: one behaviour.

use chrono::DateTime;
use futures_util::future::join_all;
use proptest::prelude::{any, prop, prop_assert_eq, prop_compose, prop_oneof, proptest};
use proptest::strategy::Just;
use signet_store::{Ephemeral, Rule, Step, Strategy, Verdict};
use signet_tests::Services;
use std::time::Duration;

async fn local() -> Ephemeral {
    Ephemeral::open(None, "test").await.unwrap()
}

async fn shared() -> Ephemeral {
    let (url, prefix) = Services::from_environment().redis_with_prefix();
    Ephemeral::open(Some(&url), &prefix).await.unwrap()
}

fn at(micros: i64) -> signet_protocol::environment::Moment {
    DateTime::from_timestamp_micros(micros).unwrap()
}

prop_compose! {
    /// Periods of milliseconds: a run of steps sees many of them begin and end.
    fn rule()(
        strategy in prop::sample::select(Strategy::ALL.to_vec()),
        number in 1..8u32,
        millis in 1..12u64,
        burst in prop::option::of(1..8u32),
        rising in any::<bool>(),
    ) -> Rule {
        let rule = Rule::new(strategy, number, Duration::from_millis(millis), burst);
        if rising { rule.rising() } else { rule }
    }
}

fn steps() -> impl proptest::strategy::Strategy<Value = Vec<Step>> {
    let step = prop_oneof![8 => Just(Step::Take), 1 => Just(Step::GiveBack), 1 => Just(Step::Peek)];
    prop::collection::vec(step, 1..150)
}

proptest! {
    /// Redis judges by its own clock and says what it showed: at that very moment this process judges alike.
    #[test]
    fn redis_and_this_process_judge_alike(rule in rule(), steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let verdicts = runtime.block_on(async {
            let (shared, local) = (shared().await, local().await);
            let mut verdicts: Vec<(Verdict, Verdict)> = Vec::new();
            for step in &steps {
                let there = shared.limit("key", &rule, *step, at(0)).await.unwrap();
                let here = local.limit("key", &rule, *step, at(there.at)).await.unwrap();
                verdicts.push((there, here));
            }
            verdicts
        });
        for (place, (there, here)) in verdicts.iter().enumerate() {
            prop_assert_eq!(there, here, "step {} of {:?}: {:?}", place, steps, rule);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "Redis's clock is the system's, and this process's must be the same here"
)]
fn now() -> signet_protocol::environment::Moment {
    chrono::Utc::now()
}

async fn as_many_pass_at_once_as_one_after_the_other(state: Ephemeral) {
    for strategy in Strategy::ALL {
        let rule = Rule::new(strategy, 7, Duration::from_secs(600), Some(7));
        let key = strategy.as_str();
        let takes = (0..40).map(|_| {
            let state = state.clone();
            tokio::spawn(async move { state.limit(key, &rule, Step::Take, now()).await.unwrap() })
        });
        let passed =
            join_all(takes).await.into_iter().filter(|taken| taken.as_ref().unwrap().allowed).count();
        assert_eq!(passed, 7, "{strategy:?}");
        state.forget(key).await.unwrap();
        assert!(state.limit(key, &rule, Step::Peek, now()).await.unwrap().allowed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn as_many_pass_at_once_as_one_after_the_other_in_process() {
    as_many_pass_at_once_as_one_after_the_other(local().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn as_many_pass_at_once_as_one_after_the_other_in_redis() {
    as_many_pass_at_once_as_one_after_the_other(shared().await).await;
}

#[tokio::test]
async fn what_redis_keeps_of_a_limit_expires() {
    let services = Services::from_environment();
    let (url, prefix) = services.redis_with_prefix();
    let state = Ephemeral::open(Some(&url), &prefix).await.unwrap();
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    for strategy in Strategy::ALL {
        let rule = Rule::new(strategy, 3, Duration::from_secs(60), Some(3)).rising();
        state.limit(strategy.as_str(), &rule, Step::Take, at(0)).await.unwrap();
    }
    let keys: Vec<String> =
        redis::cmd("KEYS").arg(format!("{prefix}*")).query_async(&mut connection).await.unwrap();
    assert_eq!(keys.len(), Strategy::ALL.len());
    for key in keys {
        let ttl: i64 = redis::cmd("PTTL").arg(&key).query_async(&mut connection).await.unwrap();
        assert!((1..=600_000).contains(&ttl), "{key}: {ttl}");
    }
}
