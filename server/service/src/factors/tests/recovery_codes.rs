use super::*;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_recovery_code_works_once() {
    let site = Site::new().await;
    let (alice, _) = site.with_totp("alice").await;
    let codes = site.factors.new_recovery_codes(&alice, (&by(&alice), &Origin::default())).await.unwrap();
    let distinct: BTreeSet<_> = codes.iter().map(|code| code.expose().clone()).collect();
    assert_eq!((distinct.len(), site.factors.enrolled(&alice).await.unwrap().recovery_codes), (10, 10));

    let typed = format!(" {} ", codes[3].expose().to_uppercase().replace('-', " "));
    let tries = (0..10).map(|_| {
        let (factors, alice, typed) = (site.factors.clone(), alice.clone(), typed.clone());
        tokio::spawn(async move { factors.check_recovery_code(&alice, &typed, &Origin::default()).await })
    });
    let mut accepted = 0;
    for attempt in Vec::from_iter(tries) {
        match attempt.await.unwrap() {
            Ok(proof) => {
                assert_eq!(proof.factor, Factor::RecoveryCode);
                accepted += 1;
            }
            Err(problem) => assert!(matches!(problem, FactorProblem::Used), "{problem}"),
        }
    }
    assert_eq!((accepted, site.factors.enrolled(&alice).await.unwrap().recovery_codes), (1, 9));
    assert_eq!(site.events().await, ["factor_added", "recovery_codes_made", "factor_used"]);
}

#[tokio::test]
async fn new_codes_end_the_old_ones_and_nobody_elses() {
    let site = Site::new().await;
    let ((alice, _), (bob, _)) = (site.with_totp("alice").await, site.with_totp("bob").await);
    let old = site.factors.new_recovery_codes(&alice, (&by(&alice), &Origin::default())).await.unwrap();
    let bobs = site.factors.new_recovery_codes(&bob, (&by(&bob), &Origin::default())).await.unwrap();
    let new = site.factors.new_recovery_codes(&alice, (&by(&alice), &Origin::default())).await.unwrap();
    let check = async |user: &User, code: &str| {
        site.factors.check_recovery_code(user, code, &Origin::default()).await
    };
    assert!(matches!(check(&alice, old[0].expose()).await, Err(FactorProblem::Wrong)));
    assert!(matches!(check(&alice, bobs[0].expose()).await, Err(FactorProblem::Wrong)));
    assert!(matches!(check(&alice, "no code").await, Err(FactorProblem::Malformed)));
    assert!(check(&alice, new[0].expose()).await.is_ok());
    assert!(check(&bob, bobs[0].expose()).await.is_ok());
}

#[tokio::test]
async fn recovery_codes_go_with_the_last_factor() {
    let site = Site::new().await;
    let (alice, _) = site.with_totp("alice").await;
    let codes = site.factors.new_recovery_codes(&alice, (&by(&alice), &Origin::default())).await.unwrap();
    assert_eq!(
        site.factors.remove_totp(&alice, false, (&by(&alice), &Origin::default())).await,
        Ok(Removed::Yes)
    );
    assert_eq!(site.factors.enrolled(&alice).await.unwrap(), Enrolled { email: true, ..Enrolled::default() });
    let left = site.factors.check_recovery_code(&alice, codes[0].expose(), &Origin::default()).await;
    assert!(matches!(left, Err(FactorProblem::Wrong)));
    assert_eq!(
        site.factors.remove_totp(&alice, false, (&by(&alice), &Origin::default())).await,
        Ok(Removed::Unknown)
    );
}
