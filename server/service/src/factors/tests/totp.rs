use super::*;
use std::collections::BTreeMap;

#[tokio::test]
async fn an_app_is_kept_once_its_first_code_was_right() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let enrolment = site.factors.begin_totp(&alice).unwrap();
    let secret = enrolment.secret;
    let confirm = |code| {
        let (factors, alice, secret) = (site.factors.clone(), alice.clone(), secret.clone());
        async move { factors.confirm_totp(&alice, &secret, code, (&by(&alice), &Origin::default())).await }
    };
    assert!(matches!(confirm("12345").await, Err(FactorProblem::Malformed)));
    let right = site.code(&secret, 0);
    let wrong = site.code(&secret, 5);
    assert!(matches!(confirm(&wrong).await, Err(FactorProblem::Wrong)));
    assert!(!site.factors.enrolled(&alice).await.unwrap().totp);

    let spaced = format!("{} {}", &right[..3], &right[3..]);
    assert_eq!(confirm(&spaced).await.unwrap().factor, Factor::Totp);
    assert!(site.factors.enrolled(&alice).await.unwrap().totp);
    assert_eq!(site.events().await, ["factor_added"]);
    // The form was sent twice, and the code that it held was spent.
    assert!(matches!(confirm(&right).await, Err(FactorProblem::Used)));
    let again = site.factors.check_totp(&alice.id, &right, &Origin::default()).await;
    assert!(matches!(again, Err(FactorProblem::Used)));
}

#[tokio::test]
async fn a_secret_is_shown_in_each_form_and_its_debug_form_is_none() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let enrolment = site.factors.begin_totp(&alice).unwrap();
    assert_eq!(enrolment.base32.expose().len(), 39);
    assert!(enrolment.uri.expose().starts_with("otpauth://totp/Signet:alice?secret="));
    assert!(enrolment.svg.expose().starts_with("<svg "));
    let sealed = serde_json::to_string(&enrolment.secret).unwrap();
    let back: TotpSecret = serde_json::from_str(&sealed).unwrap();
    assert_eq!(back.expose(), enrolment.secret.expose());
    let redacted = format!("{enrolment:?}");
    assert!(
        !redacted.contains("otpauth") && !redacted.contains(&enrolment.base32.expose()[..4]),
        "{redacted}"
    );
    // It is not in the database either.
    let row = site.with_totp("bob").await;
    let kept = site.world.store.totp().get(&row.0.id).await.unwrap().unwrap();
    assert!(!kept.secret.windows(20).any(|part| part == row.1.expose()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_totp_code_is_accepted_once_even_in_parallel() {
    let site = Site::new().await;
    let (alice, secret) = site.with_totp("alice").await;
    let code = site.code(&secret, 0);
    let tries = (0..10).map(|_| {
        let (factors, alice, code) = (site.factors.clone(), alice.id.clone(), code.clone());
        tokio::spawn(async move { factors.check_totp(&alice, &code, &Origin::default()).await })
    });
    let mut outcomes = BTreeMap::new();
    for attempt in Vec::from_iter(tries) {
        let outcome = match attempt.await.unwrap() {
            Ok(proof) => proof.factor.as_str(),
            Err(FactorProblem::Used) => "used",
            Err(_) => "something else",
        };
        *outcomes.entry(outcome).or_insert(0) += 1;
    }
    assert_eq!(outcomes, BTreeMap::from([("totp", 1), ("used", 9)]));
}

#[tokio::test]
async fn a_code_beside_the_present_one_counts_and_none_before_the_last_one_used() {
    let site = Site::new().await;
    let (alice, secret) = site.with_totp("alice").await;
    let check = async |code: String| site.factors.check_totp(&alice.id, &code, &Origin::default()).await;
    let (early, late) = (site.code(&secret, -1), site.code(&secret, 1));
    assert!(check(early.clone()).await.is_ok());
    assert!(check(late.clone()).await.is_ok());
    for spent in [early, site.code(&secret, 0), late] {
        assert!(matches!(check(spent).await, Err(FactorProblem::Used)));
    }
    for far in [-2, 2] {
        assert!(matches!(check(site.code(&secret, far)).await, Err(FactorProblem::Wrong)));
    }
}

#[tokio::test]
async fn a_new_app_takes_the_place_of_the_old_one() {
    let site = Site::new().await;
    let (alice, old) = site.with_totp("alice").await;
    let new = site.factors.begin_totp(&alice).unwrap().secret;
    // The old app may have been asked in this very step.
    site.factors.check_totp(&alice.id, &site.code(&old, 0), &Origin::default()).await.unwrap();
    let code = site.code(&new, 0);
    site.factors.confirm_totp(&alice, &new, &code, (&by(&alice), &Origin::default())).await.unwrap();
    site.world.wait(60);
    let check =
        async |secret| site.factors.check_totp(&alice.id, &site.code(secret, 0), &Origin::default()).await;
    assert!(matches!(check(&old).await, Err(FactorProblem::Wrong)));
    assert!(check(&new).await.is_ok());
}

#[tokio::test]
async fn a_code_of_somebody_elses_app_is_wrong() {
    let site = Site::new().await;
    let (_, secret) = site.with_totp("alice").await;
    let (mallory, _) = site.with_totp("mallory").await;
    let code = site.code(&secret, 0);
    let checked = site.factors.check_totp(&mallory.id, &code, &Origin::default()).await;
    assert!(matches!(checked, Err(FactorProblem::Wrong)));
    let nobody = site.factors.check_totp(&UserId::from("nobody"), &code, &Origin::default()).await;
    assert!(matches!(nobody, Err(FactorProblem::NotEnrolled)));
}

#[tokio::test]
async fn a_disabled_person_enrols_nothing() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let secret = site.factors.begin_totp(&alice).unwrap().secret;
    let now = site.world.clock.now();
    site.world.store.users().set_disabled(alice.id.clone(), true, now, vec![]).await.unwrap();
    let code = site.code(&secret, 0);
    let confirmed =
        site.factors.confirm_totp(&alice, &secret, &code, (&by(&alice), &Origin::default())).await;
    assert!(matches!(confirmed, Err(FactorProblem::Overtaken)));
    assert!(matches!(
        site.factors.new_recovery_codes(&alice, (&by(&alice), &Origin::default())).await,
        Err(FactorProblem::Overtaken)
    ));
}
