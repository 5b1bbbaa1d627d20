//! Keys of clients and of forgers.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// A client's key pair for `private_key_jwt`, made and used by a library that the server does not have.
pub struct ClientKey {
    /// The private half.
    pub private: EncodingKey,
    /// The public half.
    pub public: Value,
}

impl ClientKey {
    fn new(kid: &str) -> Self {
        let pem = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
        let private = EncodingKey::from_ec_pem(pem.as_bytes()).unwrap();
        let mut public = json!(Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap());
        public["kid"] = kid.into();
        public["use"] = "sig".into();
        Self { private, public }
    }
}

/// The key that the client `signed` registers.
pub static REGISTERED: LazyLock<ClientKey> = LazyLock::new(|| ClientKey::new("key-1"));
/// A key that nobody registers.
pub static FOREIGN: LazyLock<ClientKey> = LazyLock::new(|| ClientKey::new("key-1"));
