use super::soft_authenticator::SoftAuthenticator;
use super::*;
use serde_json::Value;
use signet_protocol::id::PasskeyId;

const ORIGIN: &str = "http://localhost:8080";

fn nowhere() -> Origin {
    Origin::default()
}

impl Site {
    /// A person with a passkey in this authenticator.
    async fn with_passkey(&self, name: &str, authenticator: &mut SoftAuthenticator) -> User {
        let user = self.person(name).await;
        self.add_passkey(&user, authenticator).await.unwrap();
        user
    }

    async fn add_passkey(
        &self,
        user: &User,
        authenticator: &mut SoftAuthenticator,
    ) -> Result<Proof, FactorProblem> {
        let (options, state) = self.factors.begin_passkey(user).await?;
        let answer = authenticator.create(&options);
        self.factors.finish_passkey(user, state, &answer, "Phone", (&by(user), &nowhere())).await
    }

    /// The person is asked for a passkey, and this authenticator answers.
    async fn check(
        &self,
        user: &User,
        authenticator: &mut SoftAuthenticator,
    ) -> Result<Proof, FactorProblem> {
        let (options, state) = self.factors.ask_passkey(&user.id).await?;
        let answer = authenticator.get(&options);
        let checked = self.factors.check_passkey(Some(&user.id), state, &answer, &nowhere()).await;
        checked.map(|(_, proof)| proof)
    }

    /// Nobody in particular is asked.
    async fn check_any(&self, authenticator: &mut SoftAuthenticator) -> Result<UserId, FactorProblem> {
        let (options, state) = self.factors.ask_any_passkey()?;
        let answer = authenticator.get(&options);
        let checked = self.factors.check_passkey(None, state, &answer, &nowhere()).await;
        checked.map(|(user, _)| user)
    }
}

fn state_again(state: &PasskeyState) -> PasskeyState {
    // As it comes back from a form.
    serde_json::from_str(&serde_json::to_string(state).unwrap()).unwrap()
}

#[tokio::test]
async fn a_passkey_is_made_and_proves_its_owner() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    assert!(site.factors.enrolled(&alice).await.unwrap().passkey);
    site.world.wait(5);
    let proof = site.check(&alice, &mut device).await.unwrap();
    assert_eq!((proof.factor, proof.amr()), (Factor::Passkey, &["hwk", "user"][..]));
    let listed = site.factors.list_passkeys(&alice.id).await.unwrap();
    let names: Vec<_> = listed.iter().map(|passkey| (passkey.name.as_str(), passkey.synchronised)).collect();
    assert_eq!(names, [("Phone", false)]);
    assert_eq!(listed[0].last_used_at, Some(site.world.clock.now()));
    assert_eq!(site.events().await, ["factor_added", "factor_used"]);

    let mut synchronised = SoftAuthenticator::new(ORIGIN);
    (synchronised.backup_eligible, synchronised.counts) = (true, false);
    site.add_passkey(&alice, &mut synchronised).await.unwrap();
    for _ in 0..2 {
        let proof = site.check(&alice, &mut synchronised).await.unwrap();
        assert_eq!(proof.amr(), ["swk", "user"]);
    }
}

#[tokio::test]
async fn browsers_are_asked_for_what_a_passkey_needs() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    let (create, _) = site.factors.begin_passkey(&alice).await.unwrap();
    let selection = &create["authenticatorSelection"];
    assert_eq!(create["rp"], serde_json::json!({"id": "localhost", "name": "Signet"}));
    assert_eq!(
        (&selection["residentKey"], &selection["userVerification"]),
        (&"required".into(), &"required".into())
    );
    assert_eq!(create["attestation"], "none");
    assert_eq!(create["excludeCredentials"].as_array().unwrap().len(), 1);
    let (get, _) = site.factors.ask_passkey(&alice.id).await.unwrap();
    assert_eq!((&get["rpId"], &get["userVerification"]), (&"localhost".into(), &"required".into()));
    assert_eq!(get["allowCredentials"][0]["id"], create["excludeCredentials"][0]["id"]);
    let (any, _) = site.factors.ask_any_passkey().unwrap();
    assert_eq!(any["allowCredentials"], Value::Array(vec![]));
    assert_ne!(any["challenge"], get["challenge"]);
}

#[tokio::test]
async fn a_passkey_tells_who_it_is_where_nobody_was_asked() {
    let site = Site::new().await;
    let (mut phone, mut key) = (SoftAuthenticator::new(ORIGIN), SoftAuthenticator::new(ORIGIN));
    let alice = site.with_passkey("alice", &mut phone).await;
    let bob = site.with_passkey("bob", &mut key).await;
    assert_eq!(site.check_any(&mut phone).await.unwrap(), alice.id);
    assert_eq!(site.check_any(&mut key).await.unwrap(), bob.id);
    // WebAuthn §7.2 step 6: it must say so itself, and be right.
    key.user_handle = phone.user_handle.clone();
    assert!(matches!(site.check_any(&mut key).await, Err(FactorProblem::Wrong)));
    assert!(matches!(site.check(&bob, &mut key).await, Err(FactorProblem::Wrong)));
    key.tells_user = false;
    assert!(matches!(site.check_any(&mut key).await, Err(FactorProblem::Wrong)));
    assert!(site.check(&bob, &mut key).await.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_passkey_challenge_is_answered_once() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    device.counts = false;
    device.counter = 0;
    let (options, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
    let answer = device.get(&options);
    let tries = (0..20).map(|_| {
        let (factors, alice, state, answer) =
            (site.factors.clone(), alice.id.clone(), state_again(&state), answer.clone());
        tokio::spawn(
            async move { factors.check_passkey(Some(&alice), state, &answer, &Origin::default()).await },
        )
    });
    let mut accepted = 0;
    for attempt in Vec::from_iter(tries) {
        match attempt.await.unwrap() {
            Ok(_) => accepted += 1,
            Err(problem) => assert!(matches!(problem, FactorProblem::Used), "{problem}"),
        }
    }
    assert_eq!(accepted, 1);
    // Nor is a passkey made twice of one answer.
    let mut other = SoftAuthenticator::new(ORIGIN);
    let (options, state) = site.factors.begin_passkey(&alice).await.unwrap();
    let answer = other.create(&options);
    let again = state_again(&state);
    site.factors.finish_passkey(&alice, state, &answer, "", (&by(&alice), &nowhere())).await.unwrap();
    let twice = site.factors.finish_passkey(&alice, again, &answer, "", (&by(&alice), &nowhere())).await;
    assert!(matches!(twice, Err(FactorProblem::Used)));
}

#[tokio::test]
async fn a_passkey_of_another_origin_is_refused() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    for origin in
        ["https://localhost:8080", "http://localhost:8081", "http://evil.localhost:8080", "https://evil.test"]
    {
        device.origin = origin.to_owned();
        assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::Wrong)), "{origin}");
        let mut new = SoftAuthenticator::new(origin);
        let made = site.add_passkey(&alice, &mut new).await;
        assert!(matches!(made, Err(FactorProblem::Wrong)), "{origin}");
    }
    device.origin = ORIGIN.to_owned();
    device.cross_origin = true;
    assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::Wrong)));
    device.cross_origin = false;
    device.rp_id = Some("evil.test".to_owned());
    assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::Wrong)));
    device.rp_id = None;
    assert!(site.check(&alice, &mut device).await.is_ok());
}

#[tokio::test]
async fn an_answer_to_another_challenge_or_question_is_refused() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    let mallory = site.person("mallory").await;
    device.challenge = Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned());
    assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::Wrong)));
    device.challenge = None;
    let check = async |user: Option<&UserId>, state: &PasskeyState, answer: &str| {
        site.factors.check_passkey(user, state_again(state), answer, &nowhere()).await
    };
    let (options, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
    let answer = device.get(&options);
    // Somebody else's state, nobody's state, a state of the other ceremony, an answer of the other one.
    assert!(matches!(check(Some(&mallory.id), &state, &answer).await, Err(FactorProblem::Wrong)));
    assert!(matches!(check(None, &state, &answer).await, Err(FactorProblem::Wrong)));
    let (create, creating) = site.factors.begin_passkey(&alice).await.unwrap();
    assert!(matches!(check(Some(&alice.id), &creating, &answer).await, Err(FactorProblem::Wrong)));
    let created = device.create(&create);
    assert!(matches!(check(Some(&alice.id), &state, &created).await, Err(FactorProblem::Malformed)));
    let finished = site
        .factors
        .finish_passkey(&alice, state_again(&state), &created, "", (&by(&alice), &nowhere()))
        .await;
    assert!(matches!(finished, Err(FactorProblem::Wrong)));
    // It is good for what it answers.
    assert!(check(Some(&alice.id), &state, &answer).await.is_ok());
}

#[tokio::test]
async fn a_counter_that_goes_back_refuses_and_tells() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    device.counter = 41;
    site.check(&alice, &mut device).await.unwrap();
    // It counts one on before it signs, and 42 is known.
    for counter in [0, 40, 41] {
        device.counter = counter;
        assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::Cloned)), "{counter}");
    }
    assert_eq!(site.events().await[2..], ["passkey_cloned"; 3]);
    // The one that went ahead goes on.
    device.counter = 42;
    assert!(site.check(&alice, &mut device).await.is_ok());
}

#[tokio::test]
async fn an_answer_that_is_sent_again_reports_no_copy() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    let answers = async |device: &mut SoftAuthenticator| {
        let (options, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
        let answer = device.get(&options);
        let mut outcomes = vec![];
        for _ in 0..3 {
            let state = state_again(&state);
            outcomes.push(site.factors.check_passkey(Some(&alice.id), state, &answer, &nowhere()).await);
        }
        outcomes
    };
    // A form that is loaded again: the counter is as high by now.
    device.counter = 41;
    let right = answers(&mut device).await;
    assert!(matches!(right[..], [Ok(_), Err(FactorProblem::Used), Err(FactorProblem::Used)]), "{right:?}");
    // One answer of a copy is one report.
    device.counter = 7;
    let copied = answers(&mut device).await;
    let [Err(FactorProblem::Cloned), Err(FactorProblem::Used), Err(FactorProblem::Used)] = copied[..] else {
        panic!("{copied:?}");
    };
    assert_eq!(site.events().await, ["factor_added", "factor_used", "passkey_cloned"]);
}

#[tokio::test]
async fn a_passkey_that_does_not_verify_its_user_is_refused() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    device.user_verified = false;
    assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::Wrong)));
    let mut other = SoftAuthenticator::new(ORIGIN);
    other.user_verified = false;
    assert!(matches!(site.add_passkey(&alice, &mut other).await, Err(FactorProblem::Wrong)));
    other.user_verified = true;
    other.user_present = false;
    assert!(matches!(site.add_passkey(&alice, &mut other).await, Err(FactorProblem::Wrong)));
}

#[tokio::test]
async fn a_ceremony_ends_after_five_minutes() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    for (wait, in_time) in [(300, true), (301, false)] {
        let (options, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
        let answer = device.get(&options);
        site.world.wait(wait);
        let checked = site.factors.check_passkey(Some(&alice.id), state, &answer, &nowhere()).await;
        assert_eq!(checked.is_ok(), in_time, "{wait}");
        assert!(in_time || matches!(checked, Err(FactorProblem::Expired)));
    }
}

#[tokio::test]
async fn one_passkey_is_not_two_peoples() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    let mallory = site.person("mallory").await;
    let made = site.add_passkey(&mallory, &mut device).await;
    assert!(matches!(made, Err(FactorProblem::Used)));
    // Nor the same person's twice: the browser is told, and whoever does not listen is refused.
    assert!(matches!(site.add_passkey(&alice, &mut device).await, Err(FactorProblem::Wrong)));
}

#[tokio::test]
async fn another_persons_passkey_is_as_unknown() {
    let site = Site::new().await;
    let (mut phone, mut key) = (SoftAuthenticator::new(ORIGIN), SoftAuthenticator::new(ORIGIN));
    let alice = site.with_passkey("alice", &mut phone).await;
    let mallory = site.with_passkey("mallory", &mut key).await;
    let id = site.factors.list_passkeys(&alice.id).await.unwrap().remove(0).id;
    for id in [&id, &PasskeyId::from("unknown")] {
        let renamed = site.factors.rename_passkey(&mallory.id, id, "Mine", &nowhere()).await;
        assert!(matches!(renamed, Err(FactorProblem::NotEnrolled)));
        let stolen = site.factors.remove_passkey(&mallory, id, false, (&by(&mallory), &nowhere())).await;
        assert_eq!(stolen, Ok(Removed::Unknown));
    }
    // Her device signs for herself, not for whoever was asked.
    assert!(matches!(site.check(&alice, &mut key).await, Err(FactorProblem::Wrong)));

    site.factors.rename_passkey(&alice.id, &id, " Work phone ", &nowhere()).await.unwrap();
    assert_eq!(site.factors.list_passkeys(&alice.id).await.unwrap()[0].name, "Work phone");
    let long = "x".repeat(MAX_NAME_LENGTH + 1);
    for name in [&*long, "a\nb"] {
        let renamed = site.factors.rename_passkey(&alice.id, &id, name, &nowhere()).await;
        assert!(matches!(renamed, Err(FactorProblem::Malformed)));
    }
}

#[tokio::test]
async fn recovery_codes_stay_until_the_last_of_all_factors_goes() {
    let site = Site::new().await;
    let (alice, _) = site.with_totp("alice").await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    site.add_passkey(&alice, &mut device).await.unwrap();
    site.factors.new_recovery_codes(&alice, (&by(&alice), &nowhere())).await.unwrap();
    let removed = site.factors.remove_totp(&alice, false, (&by(&alice), &nowhere())).await;
    assert_eq!(removed, Ok(Removed::Yes));
    assert_eq!(site.factors.enrolled(&alice).await.unwrap().recovery_codes, 10);
    let id = site.factors.list_passkeys(&alice.id).await.unwrap().remove(0).id;
    let removed = site.factors.remove_passkey(&alice, &id, false, (&by(&alice), &nowhere())).await;
    assert_eq!(removed, Ok(Removed::Yes));
    assert_eq!(site.factors.enrolled(&alice).await.unwrap(), Enrolled { email: true, ..Enrolled::default() });
    assert!(matches!(site.check(&alice, &mut device).await, Err(FactorProblem::NotEnrolled)));
    assert!(matches!(site.check_any(&mut device).await, Err(FactorProblem::NotEnrolled)));
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_malformed() {
    let site = Site::new().await;
    let mut device = SoftAuthenticator::new(ORIGIN);
    let alice = site.with_passkey("alice", &mut device).await;
    for answer in ["", "{}", "null", "[1]", "{\"id\":\"x\"}"] {
        let (_, state) = site.factors.ask_passkey(&alice.id).await.unwrap();
        let checked = site.factors.check_passkey(Some(&alice.id), state, answer, &nowhere()).await;
        assert!(matches!(checked, Err(FactorProblem::Malformed)), "{answer}");
        let (_, state) = site.factors.begin_passkey(&alice).await.unwrap();
        let made = site.factors.finish_passkey(&alice, state, answer, "", (&by(&alice), &nowhere())).await;
        assert!(matches!(made, Err(FactorProblem::Malformed)), "{answer}");
    }
}

#[tokio::test]
async fn an_issuer_that_is_an_address_has_no_passkeys() {
    let site = Site::new().await;
    let alice = site.person("alice").await;
    let settings = Arc::new(Settings { issuer: "http://127.0.0.1:8080".into(), ..settings() });
    let relying_party = RelyingParty::of(&settings).map(Arc::new);
    let factors = Factors { settings, relying_party, ..site.factors.clone() };
    assert!(!factors.offers_passkeys() && site.factors.offers_passkeys());
    assert!(matches!(factors.begin_passkey(&alice).await, Err(FactorProblem::NotOffered)));
    assert!(matches!(factors.ask_any_passkey(), Err(FactorProblem::NotOffered)));
}
