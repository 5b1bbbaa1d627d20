use super::*;
use std::collections::BTreeMap;

fn outcome(checked: &Result<Proof, FactorProblem>) -> &'static str {
    match checked {
        Ok(_) => "right",
        Err(problem) => problem.refusal().unwrap_or("failed"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_an_app_are_limited_also_at_once() {
    let site = Site::new().await;
    let (alice, secret) = site.with_totp("alice").await;
    let (bob, bobs) = site.with_totp("bob").await;
    let wrong = site.code(&secret, 9);
    let tries = (0..40).map(|_| {
        let (factors, alice, wrong) = (site.factors.clone(), alice.id.clone(), wrong.clone());
        tokio::spawn(async move { outcome(&factors.check_totp(&alice, &wrong, &Origin::default()).await) })
    });
    let mut outcomes = BTreeMap::new();
    for attempt in Vec::from_iter(tries) {
        *outcomes.entry(attempt.await.unwrap()).or_insert(0) += 1;
    }
    assert_eq!(outcomes, BTreeMap::from([("wrong", 10), ("limited", 30)]));
    // Not even the right one is compared now, and everybody else is let in.
    let check = async |user: &User, secret: &TotpSecret| {
        site.factors.check_totp(&user.id, &site.code(secret, 0), &Origin::default()).await
    };
    let Err(FactorProblem::Limited(limited)) = check(&alice, &secret).await else { panic!("no limit") };
    assert!(check(&bob, &bobs).await.is_ok());
    site.world.wait(limited.retry_after.into());
    assert!(check(&alice, &secret).await.is_ok());
}

#[tokio::test]
async fn what_was_right_or_could_not_be_compared_is_no_guess() {
    let site = Site::new().await;
    let (alice, secret) = site.with_totp("alice").await;
    for _ in 0..15 {
        for malformed in ["", "12345", "abcdef"] {
            let checked = site.factors.check_totp(&alice.id, malformed, &Origin::default()).await;
            assert_eq!(outcome(&checked), "malformed");
        }
        let code = site.code(&secret, 0);
        let checked = site.factors.check_totp(&alice.id, &code, &Origin::default()).await;
        assert_eq!(outcome(&checked), "right");
        site.world.wait(30);
    }
}

#[tokio::test]
async fn guesses_at_recovery_codes_are_limited_by_themselves() {
    let site = Site::new().await;
    let (alice, secret) = site.with_totp("alice").await;
    let codes = site.factors.new_recovery_codes(&alice, (&by(&alice), &Origin::default())).await.unwrap();
    let check =
        async |code: &str| outcome(&site.factors.check_recovery_code(&alice, code, &Origin::default()).await);
    for _ in 0..10 {
        assert_eq!(check("0000-0000-0000-0000").await, "wrong");
    }
    assert_eq!(check(codes[0].expose()).await, "limited");
    // The app still opens.
    let code = site.code(&secret, 0);
    assert!(site.factors.check_totp(&alice.id, &code, &Origin::default()).await.is_ok());
}

#[tokio::test]
async fn nobody_is_flooded_with_codes() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let mut outcomes = Vec::new();
    for _ in 0..7 {
        let sent = site.factors.send_email_code(&alice, &Origin::default()).await;
        outcomes.push(sent.map_or_else(|problem| problem.refusal().unwrap_or("failed"), |()| "sent"));
    }
    assert_eq!(outcomes, ["sent", "sent", "sent", "sent", "sent", "limited", "limited"]);
    assert_eq!(site.mails().await.len(), 5);
}
