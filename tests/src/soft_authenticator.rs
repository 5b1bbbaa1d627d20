//! An authenticator and the browser before it, in software: passkeys for tests without a browser.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// It holds one passkey (ES256), and does as it is told, however wrong that is.
#[derive(Debug)]
pub struct SoftAuthenticator {
    key: EcdsaKeyPair,
    /// What it names its passkey by.
    pub credential_id: Vec<u8>,
    /// Whose passkey it is, as the server said when it was made.
    pub user_handle: Option<String>,
    /// The page's origin, as the browser tells it.
    pub origin: String,
    /// The RP ID that it signs for in place of the one that is asked for.
    pub rp_id: Option<String>,
    /// The challenge that it answers in place of the one that is asked for.
    pub challenge: Option<String>,
    /// Whether the page is framed by another site's.
    pub cross_origin: bool,
    /// How often it has signed.
    pub counter: u32,
    /// Whether it counts at all. Synchronised passkeys don't.
    pub counts: bool,
    /// Whether somebody touched it.
    pub user_present: bool,
    /// Whether it verified who that was, by PIN or fingerprint.
    pub user_verified: bool,
    /// Whether its passkey can leave it.
    pub backup_eligible: bool,
    /// Whether it tells whose passkey it is when it signs.
    pub tells_user: bool,
}

impl SoftAuthenticator {
    /// One that does everything right, for pages of this origin.
    pub fn new(origin: &str) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random);
        let mut credential_id = vec![0; 32];
        random.fill(&mut credential_id).expect("randomness");
        Self {
            key: key.expect("a key"),
            credential_id,
            user_handle: None,
            origin: origin.to_owned(),
            rp_id: None,
            challenge: None,
            cross_origin: false,
            counter: 0,
            counts: true,
            user_present: true,
            user_verified: true,
            backup_eligible: false,
            tells_user: true,
        }
    }

    /// `navigator.credentials.create`: answers `PublicKeyCredentialCreationOptionsJSON` with a `RegistrationResponseJSON`.
    pub fn create(&mut self, options: &Value) -> String {
        self.user_handle = options["user"]["id"].as_str().map(str::to_owned);
        let rp_id = options["rp"]["id"].as_str().expect("an RP ID").to_owned();
        let mut data = self.authenticator_data(&rp_id, 0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential_id.len()).expect("a short name").to_be_bytes());
        data.extend(&self.credential_id);
        data.extend(encode(&self.cose_key()));
        let text = |text: &str| Cbor::Text(text.to_owned());
        let attestation = encode(&Cbor::Map(vec![
            (text("fmt"), text("none")),
            (text("attStmt"), Cbor::Map(vec![])),
            (text("authData"), Cbor::Bytes(data)),
        ]));
        let client_data = self.client_data("webauthn.create", options);
        self.answer(&json!({
            "clientDataJSON": base64url(&client_data),
            "attestationObject": base64url(&attestation),
            "transports": ["internal"],
        }))
    }

    /// `navigator.credentials.get`: answers `PublicKeyCredentialRequestOptionsJSON` with an `AuthenticationResponseJSON`.
    pub fn get(&mut self, options: &Value) -> String {
        self.counter += u32::from(self.counts);
        let data = self.authenticator_data(options["rpId"].as_str().expect("an RP ID"), 0);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [&data[..], digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        let user_handle = self.user_handle.as_ref().filter(|_| self.tells_user);
        self.answer(&json!({
            "clientDataJSON": base64url(&client_data),
            "authenticatorData": base64url(&data),
            "signature": base64url(signature.as_ref()),
            "userHandle": user_handle,
        }))
    }

    fn answer(&self, response: &Value) -> String {
        let id = base64url(&self.credential_id);
        let answer = json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "clientExtensionResults": {}, "response": response,
        });
        answer.to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = self.challenge.as_deref().or(options["challenge"].as_str()).expect("a challenge");
        let data = json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin,
        });
        data.to_string().into_bytes()
    }

    /// WebAuthn §6.1: hash of the RP ID, flags, counter.
    fn authenticator_data(&self, rp_id: &str, flags: u8) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(rp_id);
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        let flag = |is_set: bool, bit: u8| if is_set { bit } else { 0 };
        let backup = flag(self.backup_eligible, 0x18);
        data.push(flags | flag(self.user_present, 0x01) | flag(self.user_verified, 0x04) | backup);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// RFC 9053 §7.1.1: an elliptic-curve key for ES256.
    fn cose_key(&self) -> Cbor {
        let point = self.key.public_key().as_ref();
        let number = |number: i64| Cbor::Integer(number.into());
        Cbor::Map(vec![
            (number(1), number(2)),
            (number(3), number(-7)),
            (number(-1), number(1)),
            (number(-2), Cbor::Bytes(point[1..33].to_vec())),
            (number(-3), Cbor::Bytes(point[33..].to_vec())),
        ])
    }
}

fn encode(value: &Cbor) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("CBOR");
    bytes
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
