//! What a signature or a verification costs by itself.

use super::process::thread_cpu;
use signet_jose::{Algorithm, Parsed, SigningKey};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one measurement takes.
const SPAN: Duration = Duration::from_millis(300);
/// An access token's claims, of the length that they commonly have.
const CLAIMS: &str = r#"{"iss":"http://localhost:20000","sub":"4kq8Zz0mQ3yJ0u3yM1cS7w","aud":["https://orders.example.test","http://localhost:20000"],"client_id":"shop","iat":1790000000,"exp":1790000600,"jti":"Zr4d2C6mQOa2m6zq3Jc0bw","scope":"openid profile email offline_access orders:read","gid":"mV3cNf2sT5mJ8qkXb1Wc9g","sid":"b3N0bGluZyB3b3JrIGFsbA","rev":0}"#;

/// A cryptographic operation that an endpoint cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Crypto {
    SignEs256,
    SignRs256,
    VerifyEs256,
}

/// Keys to measure with.
pub(super) struct Costs {
    es256: SigningKey,
    rs256: SigningKey,
    signed: String,
}

impl Costs {
    /// Fresh keys.
    pub(super) fn new() -> Self {
        let key = |algorithm| SigningKey::generate(algorithm).expect("a key");
        let (es256, rs256) = (key(Algorithm::ES256), key(Algorithm::RS256));
        let signed = es256.sign_compact("at+jwt", CLAIMS.as_bytes()).expect("a signature");
        Self { es256, rs256, signed }
    }

    /// CPU-µs of all of them together.
    pub(super) fn of(&mut self, needed: &[Crypto]) -> f64 {
        needed.iter().fold(0.0, |sum, crypto| sum + self.measure(*crypto))
    }

    fn measure(&self, crypto: Crypto) -> f64 {
        let sign = |key: &SigningKey| {
            black_box(key.sign_compact("at+jwt", black_box(CLAIMS.as_bytes())).expect("a signature"));
        };
        match crypto {
            Crypto::SignEs256 => each(|| sign(&self.es256)),
            Crypto::SignRs256 => each(|| sign(&self.rs256)),
            Crypto::VerifyEs256 => each(|| {
                let parsed = Parsed::parse(black_box(&self.signed)).expect("a token");
                parsed.verify(self.es256.verifying_key()).expect("its signature");
            }),
        }
    }
}

/// CPU-µs of one call. Wall time would count what other processes take.
fn each(work: impl Fn()) -> f64 {
    for _ in 0..10 {
        work();
    }
    let (began, before, mut calls) = (Instant::now(), thread_cpu(), 0_u32);
    while began.elapsed() < SPAN {
        work();
        calls += 1;
    }
    (thread_cpu() - before).as_secs_f64() * 1e6 / f64::from(calls)
}
