use super::*;
use crate::mail::Letter;

impl Site {
    /// Sends a code, and reads it from the mail.
    async fn send_code(&self, user: &User) -> String {
        self.factors.send_email_code(user, &Origin::default()).await.unwrap();
        let now = self.world.clock.now();
        let later = now + chrono::TimeDelta::seconds(600);
        let mail = self.world.store.mails().lease(now, later, 1).await.unwrap().remove(0);
        assert_eq!(Some(&mail.recipient), user.email.as_ref());
        let master = MasterKeys::new(&[1; 32], &[]).unwrap();
        let letter = master.open("mails", "payload", &mail.id, &mail.payload).unwrap();
        match serde_json::from_slice::<Letter>(&letter).unwrap().mail {
            Mail::EmailCode { code, minutes: 10 } => code,
            other => panic!("{other:?}"),
        }
    }

    async fn check_code(&self, user: &User, code: &str) -> Result<Proof, FactorProblem> {
        self.factors.check_email_code(user, code, &Origin::default()).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_mailed_code_works_once() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let code = site.send_code(&alice).await;
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
    // It is not in the database.
    let kept = site.world.store.email_codes().guess(alice.id.clone(), site.world.clock.now(), 5).await;
    let kept = kept.unwrap().unwrap().code;
    assert!(!kept.windows(8).any(|part| part == code.as_bytes()));

    let typed = format!(" {} {}", &code[..4], &code[4..]);
    let tries = (0..4).map(|_| {
        let (factors, alice, typed) = (site.factors.clone(), alice.clone(), typed.clone());
        tokio::spawn(async move { factors.check_email_code(&alice, &typed, &Origin::default()).await })
    });
    let mut accepted = 0;
    for attempt in Vec::from_iter(tries) {
        match attempt.await.unwrap() {
            Ok(proof) => {
                assert_eq!(proof.factor.acr(), signet_protocol::session::Acr::Aal1);
                accepted += 1;
            }
            Err(problem) => {
                assert!(matches!(problem, FactorProblem::Used | FactorProblem::Expired), "{problem}");
            }
        }
    }
    assert_eq!(accepted, 1);
    assert_eq!(site.events().await, ["email_code_sent", "factor_used"]);
}

#[tokio::test]
async fn a_mailed_code_stands_five_guesses() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let code = site.send_code(&alice).await;
    let wrong = format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000);
    assert!(matches!(site.check_code(&alice, "1234").await, Err(FactorProblem::Malformed)));
    for _ in 0..5 {
        assert!(matches!(site.check_code(&alice, &wrong).await, Err(FactorProblem::Wrong)));
    }
    assert!(matches!(site.check_code(&alice, &code).await, Err(FactorProblem::Expired)));
    // A new one is worth as many, and the old one nothing.
    let new = site.send_code(&alice).await;
    assert!(new == code || matches!(site.check_code(&alice, &code).await, Err(FactorProblem::Wrong)));
    assert!(site.check_code(&alice, &new).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_are_no_more_than_one_after_the_other() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let code = site.send_code(&alice).await;
    let wrong = format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000);
    let tries = (0..30).map(|_| {
        let (factors, alice, wrong) = (site.factors.clone(), alice.clone(), wrong.clone());
        tokio::spawn(async move { factors.check_email_code(&alice, &wrong, &Origin::default()).await })
    });
    let mut compared = 0;
    for attempt in Vec::from_iter(tries) {
        compared += u32::from(matches!(attempt.await.unwrap(), Err(FactorProblem::Wrong)));
    }
    assert_eq!(compared, 5);
}

#[tokio::test]
async fn a_mailed_code_counts_for_ten_minutes_and_for_its_address() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let code = site.send_code(&alice).await;
    let moved = User { email: Some("alice@elsewhere.test".to_owned()), ..alice.clone() };
    assert!(matches!(site.check_code(&moved, &code).await, Err(FactorProblem::Expired)));
    site.world.wait(599);
    assert!(site.check_code(&alice, &code).await.is_ok());
    let code = site.send_code(&alice).await;
    site.world.wait(600);
    assert!(matches!(site.check_code(&alice, &code).await, Err(FactorProblem::Expired)));
    let bob = site.person("bob").await;
    assert!(matches!(site.check_code(&bob, &code).await, Err(FactorProblem::Expired)));
}

#[tokio::test]
async fn codes_go_to_verified_addresses_and_where_the_operator_allows_it() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    assert!(site.factors.enrolled(&alice).await.unwrap().email);
    let unverified = User { email_verified: false, ..alice.clone() };
    let off =
        Factors { settings: Arc::new(Settings { email_codes: false, ..settings() }), ..site.factors.clone() };
    let environment = (site.world.clock.clone(), site.factors.random.clone());
    let no_mail = Mails::new(site.world.store.clone(), site.factors.master.clone(), environment, false);
    let unsent = Factors { mails: no_mail, ..site.factors.clone() };
    for (factors, user) in [(&site.factors, &unverified), (&off, &alice), (&unsent, &alice)] {
        assert!(!factors.enrolled(user).await.unwrap().email);
        let sent = factors.send_email_code(user, &Origin::default()).await;
        assert!(matches!(sent, Err(FactorProblem::NotOffered)));
        let checked = factors.check_email_code(user, "12345678", &Origin::default()).await;
        assert!(matches!(checked, Err(FactorProblem::NotOffered)));
    }
}
