//! The operations that are measured.

use super::crypto::Crypto;
use super::peer;

/// The algorithm of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alg {
    Es256,
    Rs256,
}

/// Whose access token is introspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    Client,
    User,
}

/// What a client asks for. Access tokens are ES256 unless it says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    Jwks,
    Discovery,
    ClientCredentials(Alg),
    Introspection(Holder),
    /// With an ID token, if there is one.
    Refresh(Option<Alg>),
    /// From the authorization request of a signed-in browser to the tokens.
    CodeFlow(Alg),
    Userinfo,
}

/// In the order of the report.
pub(super) const ALL: [Operation; 12] = [
    Operation::Jwks,
    Operation::Discovery,
    Operation::ClientCredentials(Alg::Es256),
    Operation::ClientCredentials(Alg::Rs256),
    Operation::Introspection(Holder::Client),
    Operation::Introspection(Holder::User),
    Operation::Userinfo,
    Operation::Refresh(None),
    Operation::Refresh(Some(Alg::Es256)),
    Operation::Refresh(Some(Alg::Rs256)),
    Operation::CodeFlow(Alg::Es256),
    Operation::CodeFlow(Alg::Rs256),
];

impl Operation {
    /// Its name in the report.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Jwks => "JWKS",
            Self::Discovery => "discovery",
            Self::ClientCredentials(Alg::Es256) => "client_credentials ES256",
            Self::ClientCredentials(Alg::Rs256) => "client_credentials RS256",
            Self::Introspection(Holder::Client) => "introspection, client's token",
            Self::Introspection(Holder::User) => "introspection, user's token",
            Self::Refresh(None) => "refresh",
            Self::Refresh(Some(Alg::Es256)) => "refresh + ID token ES256",
            Self::Refresh(Some(Alg::Rs256)) => "refresh + ID token RS256",
            Self::CodeFlow(Alg::Es256) => "code flow, ID token ES256",
            Self::CodeFlow(Alg::Rs256) => "code flow, ID token RS256",
            Self::Userinfo => "userinfo",
        }
    }

    /// What it must sign and verify.
    pub(super) const fn crypto(self) -> &'static [Crypto] {
        match self {
            Self::Jwks | Self::Discovery => &[],
            Self::ClientCredentials(Alg::Rs256) => &[Crypto::SignRs256],
            Self::ClientCredentials(Alg::Es256) | Self::Refresh(None) => &[Crypto::SignEs256],
            Self::Introspection(_) | Self::Userinfo => &[Crypto::VerifyEs256],
            Self::Refresh(Some(Alg::Es256)) | Self::CodeFlow(Alg::Es256) => {
                &[Crypto::SignEs256, Crypto::SignEs256]
            }
            Self::Refresh(Some(Alg::Rs256)) | Self::CodeFlow(Alg::Rs256) => {
                &[Crypto::SignEs256, Crypto::SignRs256]
            }
        }
    }

    /// How often it is done in one round: enough for a second or so of CPU time, a hundred of the kernel's ticks.
    pub(super) const fn count(self) -> u64 {
        match self {
            Self::Jwks | Self::Discovery => 80_000,
            Self::ClientCredentials(Alg::Es256) => 20_000,
            Self::ClientCredentials(Alg::Rs256) => 2_500,
            Self::Introspection(_) | Self::Userinfo => 10_000,
            Self::Refresh(Some(Alg::Rs256)) => 2_000,
            Self::Refresh(_) => 6_000,
            Self::CodeFlow(Alg::Es256) => 3_000,
            Self::CodeFlow(Alg::Rs256) => 1_500,
        }
    }

    /// The multiple of its floor that it should stay within.
    pub(super) const fn aim(self) -> Option<f64> {
        match self {
            Self::Jwks | Self::Discovery => Some(1.5),
            Self::ClientCredentials(Alg::Es256) => Some(2.0),
            Self::Introspection(_) => Some(3.0),
            _ => None,
        }
    }

    /// What it costs the peer, in CPU-µs.
    pub(super) const fn peer(self) -> Option<f64> {
        match self {
            Self::Jwks => Some(peer::JWKS),
            Self::Discovery => Some(peer::DISCOVERY),
            Self::ClientCredentials(Alg::Es256) => Some(peer::CLIENT_CREDENTIALS_ES256),
            Self::ClientCredentials(Alg::Rs256) => Some(peer::CLIENT_CREDENTIALS_RS256),
            Self::Introspection(_) => Some(peer::INTROSPECTION),
            Self::Refresh(_) => Some(peer::REFRESH),
            Self::CodeFlow(_) => Some(peer::CODE_FLOW),
            Self::Userinfo => None,
        }
    }
}
