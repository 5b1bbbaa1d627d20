//! The pool as its callers see it.

use super::*;
use signet_protocol::password::stored::Argon2Hash;

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn random() -> Random {
    Random::new(Arc::new(ring::rand::SystemRandom::new()))
}

fn hashed(text: &str) -> Secret<String> {
    Hashing::FLOOR.hash_now(&secret(text), &random()).unwrap()
}

fn passwords(hashing: Hashing) -> Passwords {
    let rules =
        PasswordRules { policy: PasswordPolicy::default(), breached: None, product_name: "Signet".into() };
    Passwords::new(PasswordSettings { cores: 1, hashing, rules }, random())
}

fn pool() -> Passwords {
    passwords(Hashing::FLOOR)
}

async fn verdict(pool: &Passwords, password: &str, hash: &Secret<String>) -> Verdict {
    pool.verify(pool.place().await.unwrap(), &secret(password), Some(hash)).await.unwrap()
}

#[tokio::test]
async fn a_right_password_is_told_from_a_wrong_one() {
    let (pool, hash) = (pool(), hashed("correct horse"));
    assert_eq!(verdict(&pool, "correct horse", &hash).await, Verdict::Right);
    assert_eq!(verdict(&pool, "wrong horse", &hash).await, Verdict::Wrong);
}

#[tokio::test]
async fn an_unknown_user_is_hashed_for_and_refused() {
    let decoy = Hashing::FLOOR.decoy();
    assert!(Hashing::FLOOR.is_met_by(&decoy) && decoy.check_cost().is_ok());
    let pool = pool();
    let place = pool.place().await.unwrap();
    assert_eq!(pool.verify(place, &secret("decoy"), None).await.unwrap(), Verdict::Wrong);
    // A hash that cannot be read takes the same time and lets nobody in.
    assert_eq!(verdict(&pool, "x", &secret("$argon2id$")).await, Verdict::Wrong);
}

#[tokio::test]
async fn a_hash_below_the_floor_is_replaced() {
    let weak = Hashing { memory_kib: 8 * 1024, iterations: 1, parallelism: 1 };
    let weak = weak.hash_now(&secret("correct horse"), &random()).unwrap();
    let pool = pool();
    let Verdict::RightButWeak(stronger) = verdict(&pool, "correct horse", &weak).await else {
        panic!("a weak hash was kept")
    };
    assert_eq!(verdict(&pool, "correct horse", &secret(&stronger)).await, Verdict::Right);
}

#[tokio::test]
async fn a_raised_floor_replaces_what_was_enough_before() {
    let pool = passwords(Hashing { iterations: 3, ..Hashing::FLOOR });
    let Verdict::RightButWeak(stronger) = verdict(&pool, "correct horse", &hashed("correct horse")).await
    else {
        panic!("a weak hash was kept")
    };
    assert!(stronger.starts_with("$argon2id$v=19$m=19456,t=3,p=1$"), "{stronger}");
    assert_eq!(verdict(&pool, "correct horse", &secret(&stronger)).await, Verdict::Right);
}

#[tokio::test]
async fn the_forms_of_one_text_are_one_password_also_for_old_hashes() {
    let (composed, decomposed) = ("ch\u{e2}teau fort", "cha\u{302}teau fort");
    let pool = pool();
    let hash = pool.hash_new(&secret(decomposed)).await.unwrap();
    assert_eq!(verdict(&pool, composed, &hash).await, Verdict::Right);
    // Hashed as it was typed, before forms were made one.
    let old = Hashing::FLOOR.hash(&secret(decomposed), &random(), &mut Memory::new()).unwrap();
    assert_eq!(verdict(&pool, composed, &old).await, Verdict::Wrong);
    let Verdict::RightButWeak(new) = verdict(&pool, decomposed, &old).await else {
        panic!("what was typed is right, and its hash is to be made of the normal form")
    };
    assert_eq!(verdict(&pool, composed, &secret(&new)).await, Verdict::Right);
}

#[tokio::test]
async fn a_chosen_password_is_checked_and_hashed() {
    let pool = pool();
    let person = Person { username: "alice", ..Person::default() };
    let hash = pool.choose(&secret("correct horse battery staple"), person).await.unwrap();
    assert_eq!(verdict(&pool, "correct horse battery staple", &hash).await, Verdict::Right);
    for (password, fault) in [
        ("alice-alice-1", PasswordFault::OwnWords),
        ("password1234", PasswordFault::Breached),
        ("short", PasswordFault::TooShort { min: 12 }),
    ] {
        let Err(Unfit::Faults(faults)) = pool.choose(&secret(password), person).await else {
            panic!("{password}")
        };
        assert_eq!(faults, [fault], "{password}");
        assert!(
            matches!(pool.check_new(&secret(password), person).await, Err(Unfit::Faults(f)) if f == faults)
        );
    }
    assert!(pool.check_new(&secret("correct horse battery staple"), person).await.is_ok());
}

#[test]
fn memory_is_used_again_by_whoever_comes_next() {
    let (strong, mut memory) =
        (PasswordHash::parse(hashed("correct horse").expose()).unwrap(), Memory::new());
    let PasswordHash::Argon2(weak) = strong.clone() else { panic!("argon2") };
    let weak = PasswordHash::Argon2(Argon2Hash { memory_kib: 64, ..weak });
    for _ in 0..2 {
        assert!(compare(&secret("correct horse"), &strong, &mut memory) == Compared::Normal);
        assert!(compare(&secret("correct horse"), &weak, &mut memory) == Compared::Wrong);
    }
    assert_eq!(memory.len(), Hashing::FLOOR.memory_kib as usize);
}
