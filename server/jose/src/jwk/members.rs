//! A JWK's members, as they are spelt in JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Curve, JwkError, Material, PublicJwk};
use crate::base64url;

/// RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2: members that are secret, whatever the key type.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Which half of a key is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Public,
    #[cfg(feature = "issue")]
    Private,
}

#[derive(Deserialize)]
pub(super) struct Members {
    kty: String,
    #[serde(rename = "use")]
    key_use: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    #[serde(skip)]
    operation: &'static str,
}

impl Members {
    pub(super) fn read(value: &Value, side: Side) -> Result<Self, JwkError> {
        let object = value.as_object().ok_or(JwkError::Malformed)?;
        if side == Side::Public && PRIVATE.iter().any(|member| object.contains_key(*member)) {
            return Err(JwkError::PrivateMembers);
        }
        let mut members = Self::deserialize(value).map_err(|_| JwkError::Malformed)?;
        members.operation = if side == Side::Public { "verify" } else { "sign" };
        Ok(members)
    }

    pub(super) fn into_public(self) -> Result<PublicJwk, JwkError> {
        let material = self.material()?;
        // RFC 7517 §4.2, §4.3: a key that says what it is for is used for nothing else.
        if self.key_use.as_deref().is_some_and(|key_use| key_use != "sig") {
            return Err(JwkError::NotForSignatures);
        }
        if self.key_ops.is_some_and(|operations| !operations.iter().any(|one| one == self.operation)) {
            return Err(JwkError::NotForSignatures);
        }
        let algorithm = match self.alg {
            Some(alg) => Some(alg.parse().map_err(|_| JwkError::UnsupportedAlgorithm)?),
            None => None,
        };
        let jwk = PublicJwk { material, kid: self.kid, algorithm };
        match algorithm {
            Some(algorithm) if !jwk.fits(algorithm) => Err(JwkError::UnsupportedAlgorithm),
            _ => Ok(jwk),
        }
    }

    fn material(&self) -> Result<Material, JwkError> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => self.ec(Curve::P256),
            ("EC", Some("P-384")) => self.ec(Curve::P384),
            ("OKP", Some("Ed25519")) => Ok(Material::Ed25519 { x: fixed(&self.x, 32)? }),
            ("RSA", _) => self.rsa(),
            _ => Err(JwkError::UnsupportedKey),
        }
    }

    fn ec(&self, curve: Curve) -> Result<Material, JwkError> {
        let len = curve.coordinate_len();
        Ok(Material::Ec { curve, x: fixed(&self.x, len)?, y: fixed(&self.y, len)? })
    }

    fn rsa(&self) -> Result<Material, JwkError> {
        let (n, e) = (integer(&self.n)?, integer(&self.e)?);
        let bits = n.len() * 8 - n[0].leading_zeros() as usize;
        let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last % 2 == 1);
        // An exponent over 32 bits only makes verification slow (ring refuses above 33 bits, too).
        if !(2048..=8192).contains(&bits) || !odd(&n) || !odd(&e) || e == [1] || e.len() > 4 {
            return Err(JwkError::WeakRsa);
        }
        Ok(Material::Rsa { n, e })
    }
}

fn decoded(member: &Option<String>) -> Result<Vec<u8>, JwkError> {
    member.as_deref().and_then(base64url::decode).ok_or(JwkError::Malformed)
}

fn fixed(member: &Option<String>, len: usize) -> Result<Vec<u8>, JwkError> {
    decoded(member).and_then(|bytes| if bytes.len() == len { Ok(bytes) } else { Err(JwkError::Malformed) })
}

/// A Base64urlUInt: RFC 7518 §2, "the representation MUST utilize the minimum number of octets".
fn integer(member: &Option<String>) -> Result<Vec<u8>, JwkError> {
    decoded(member).and_then(|bytes| match bytes.first() {
        Some(0) | None => Err(JwkError::Malformed),
        Some(_) => Ok(bytes),
    })
}

/// What is written: the public members and nothing else.
#[derive(Serialize)]
pub(super) struct Published<'a> {
    kty: &'static str,
    #[serde(rename = "use")]
    key_use: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
}

impl<'a> Published<'a> {
    pub(super) fn of(jwk: &'a PublicJwk) -> Self {
        let bare = Self {
            kty: "RSA",
            key_use: "sig",
            alg: jwk.algorithm.map(|algorithm| algorithm.as_str()),
            kid: jwk.kid.as_deref(),
            crv: None,
            x: None,
            y: None,
            n: None,
            e: None,
        };
        let text = |bytes: &Vec<u8>| Some(base64url::encode(bytes));
        match &jwk.material {
            Material::Ec { curve, x, y } => {
                Self { kty: "EC", crv: Some(curve.name()), x: text(x), y: text(y), ..bare }
            }
            Material::Rsa { n, e } => Self { n: text(n), e: text(e), ..bare },
            Material::Ed25519 { x } => Self { kty: "OKP", crv: Some("Ed25519"), x: text(x), ..bare },
        }
    }
}
