//! Password hashes as text: argon2 and scrypt as PHC strings, bcrypt in its own form, and PBKDF2 as PHC strings, as
//! passlib and as Django write it. What others made can be taken over, up to a cost that one sign-in may have.

use base64::Engine as _;
use base64::alphabet::{BCRYPT, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The most memory that one comparison takes, in KiB.
pub const MAX_MEMORY_KIB: u32 = 256 * 1024;
/// The most that argon2 goes over in all its passes, in KiB.
const MAX_ARGON2_WORK_KIB: u64 = 1024 * 1024;
/// The most lanes of argon2, and of scrypt's `p`.
const MAX_LANES: u32 = 16;
/// The highest cost of bcrypt: about a second.
const MAX_BCRYPT_COST: u8 = 14;
/// The most iterations of PBKDF2.
const MAX_ITERATIONS: u32 = 2_000_000;
/// A shorter output is hit by chance.
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=64;
/// The longest salt, in bytes.
const MAX_SALT: usize = 128;

/// PHC strings leave the padding out; exports of others have it.
const B64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
/// Some that make salts from text leave bits in the last character that mean nothing.
const BCRYPT_B64: GeneralPurpose = GeneralPurpose::new(
    &BCRYPT,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// A hash that passwords can be compared with.
#[derive(Clone, PartialEq, Eq)]
pub enum PasswordHash {
    /// `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (RFC 9106), `argon2i` and `argon2d` too.
    Argon2(Argon2Hash),
    /// `$2b$…`, `$2a$…` or `$2y$…`.
    Bcrypt(BcryptHash),
    /// `$pbkdf2-sha256$i=…,l=…$salt$hash` (RFC 8018 §5.2).
    Pbkdf2(Pbkdf2Hash),
    /// `$scrypt$ln=…,r=…,p=…$salt$hash` (RFC 7914).
    Scrypt(ScryptHash),
}

/// A kind of argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // RFC 9106 names them.
pub enum Argon2Variant {
    D,
    I,
    Id,
}

/// A hash of argon2.
#[derive(Clone, PartialEq, Eq)]
pub struct Argon2Hash {
    /// Which kind.
    pub variant: Argon2Variant,
    /// 16 or 19.
    pub version: u32,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
    /// Salt.
    pub salt: Vec<u8>,
    /// What the password must give.
    pub output: Vec<u8>,
}

/// A hash of bcrypt. It knows the first 72 bytes of a password only.
#[derive(Clone, PartialEq, Eq)]
pub struct BcryptHash {
    /// Logarithm of the rounds.
    pub cost: u8,
    /// Salt.
    pub salt: [u8; 16],
    /// What the password must give.
    pub output: [u8; 23],
}

/// The hash function under PBKDF2's HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say it.
pub enum Pbkdf2Digest {
    Sha1,
    Sha256,
    Sha512,
}

/// A hash of PBKDF2.
#[derive(Clone, PartialEq, Eq)]
pub struct Pbkdf2Hash {
    /// The hash function.
    pub digest: Pbkdf2Digest,
    /// Iterations.
    pub iterations: u32,
    /// Salt.
    pub salt: Vec<u8>,
    /// What the password must give.
    pub output: Vec<u8>,
}

/// A hash of scrypt.
#[derive(Clone, PartialEq, Eq)]
pub struct ScryptHash {
    /// Logarithm of N.
    pub log_n: u8,
    /// Block size.
    pub r: u32,
    /// Parallelism.
    pub p: u32,
    /// Salt.
    pub salt: Vec<u8>,
    /// What the password must give.
    pub output: Vec<u8>,
}

/// Why a hash is not taken. It holds nothing of the hash but its parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitHash {
    /// Of no form that is known.
    #[error(
        "must be a hash of argon2, bcrypt, PBKDF2 or scrypt in its usual form, as in $argon2id$v=19$m=…, $2b$…, \
         $pbkdf2-sha256$i=… or $scrypt$ln=…"
    )]
    Form,
    /// A part of it cannot be read.
    #[error("is no whole hash of {0}")]
    Broken(&'static str),
    /// A parameter would take too much of the server at each sign-in.
    #[error("costs too much to compare with: {parameter} is {value}, and {limit} is the most")]
    Cost {
        /// Which parameter.
        parameter: &'static str,
        /// What it is.
        value: u64,
        /// The most that is taken.
        limit: u64,
    },
}

impl PasswordHash {
    /// Reads a hash, whatever it costs.
    pub fn parse(text: &str) -> Result<Self, UnfitHash> {
        let parts: Vec<&str> = text.split('$').collect();
        match parts.as_slice() {
            ["", name @ ("argon2id" | "argon2i" | "argon2d"), rest @ ..] => {
                argon2(name, rest).map(Self::Argon2).ok_or(UnfitHash::Broken("argon2"))
            }
            ["", "2a" | "2b" | "2y", cost, tail] => {
                bcrypt(cost, tail).map(Self::Bcrypt).ok_or(UnfitHash::Broken("bcrypt"))
            }
            ["", name, parameters, salt, output] if name.starts_with("pbkdf2") => {
                pbkdf2(name, parameters, salt, output).map(Self::Pbkdf2).ok_or(UnfitHash::Broken("PBKDF2"))
            }
            [name, iterations, salt, output] if name.starts_with("pbkdf2_") => {
                django(name, iterations, salt, output).map(Self::Pbkdf2).ok_or(UnfitHash::Broken("PBKDF2"))
            }
            ["", "scrypt", parameters, salt, output] => {
                scrypt(parameters, salt, output).map(Self::Scrypt).ok_or(UnfitHash::Broken("scrypt"))
            }
            _ => Err(UnfitHash::Form),
        }
    }

    /// Whether comparing with it takes no more memory and time than a sign-in may: whoever knows the account's name can
    /// have it done.
    pub fn check_cost(&self) -> Result<(), UnfitHash> {
        match self {
            Self::Argon2(hash) => {
                at_most("argon2's m (KiB)", hash.memory_kib, MAX_MEMORY_KIB)?;
                at_most("argon2's p", hash.parallelism, MAX_LANES)?;
                let work = u64::from(hash.memory_kib) * u64::from(hash.iterations);
                at_most("argon2's m times t (KiB)", work, MAX_ARGON2_WORK_KIB)
            }
            Self::Bcrypt(hash) => at_most("bcrypt's cost", hash.cost, MAX_BCRYPT_COST),
            Self::Pbkdf2(hash) => at_most("PBKDF2's iterations", hash.iterations, MAX_ITERATIONS),
            Self::Scrypt(hash) => {
                at_most("scrypt's p", hash.p, MAX_LANES)?;
                at_most("scrypt's ln", hash.log_n, 24_u8)?;
                let memory_kib = (u64::from(hash.r) << hash.log_n) / 8;
                at_most("scrypt's memory (KiB)", memory_kib, MAX_MEMORY_KIB)?;
                at_most("scrypt's memory times p (KiB)", memory_kib * u64::from(hash.p), MAX_MEMORY_KIB)
            }
        }
    }
}

fn at_most(parameter: &'static str, value: impl Into<u64>, limit: impl Into<u64>) -> Result<(), UnfitHash> {
    let (value, limit) = (value.into(), limit.into());
    if value <= limit { Ok(()) } else { Err(UnfitHash::Cost { parameter, value, limit }) }
}

fn argon2(name: &str, rest: &[&str]) -> Option<Argon2Hash> {
    let variant = match name {
        "argon2id" => Argon2Variant::Id,
        "argon2i" => Argon2Variant::I,
        _ => Argon2Variant::D,
    };
    let (version, parameters, salt, output) = match rest {
        [version, parameters, salt, output] => (version.strip_prefix("v=")?, parameters, salt, output),
        // The first version wrote none.
        [parameters, salt, output] => ("16", parameters, salt, output),
        _ => return None,
    };
    let version = number(version).filter(|version| matches!(version, 16 | 19))?;
    let [memory_kib, iterations, parallelism] = named(parameters, ["m", "t", "p"])?;
    let salt = salt_of(salt).filter(|salt| salt.len() >= 8)?;
    let fits = parallelism >= 1 && iterations >= 1 && memory_kib / 8 >= parallelism;
    let hash = Argon2Hash {
        variant,
        version,
        memory_kib,
        iterations,
        parallelism,
        salt,
        output: output_of(output)?,
    };
    fits.then_some(hash)
}

fn bcrypt(cost: &str, tail: &str) -> Option<BcryptHash> {
    let cost = number(cost).filter(|cost| (4..=31).contains(cost))?;
    let (salt, output) = tail.split_at_checked(22)?;
    let salt = BCRYPT_B64.decode(salt).ok()?.try_into().ok()?;
    let output = BCRYPT_B64.decode(output).ok()?.try_into().ok()?;
    Some(BcryptHash { cost: u8::try_from(cost).ok()?, salt, output })
}

fn pbkdf2(name: &str, parameters: &str, salt: &str, output: &str) -> Option<Pbkdf2Hash> {
    let digest = match name {
        "pbkdf2" | "pbkdf2-sha1" => Pbkdf2Digest::Sha1,
        "pbkdf2-sha256" => Pbkdf2Digest::Sha256,
        "pbkdf2-sha512" => Pbkdf2Digest::Sha512,
        _ => return None,
    };
    let (salt, output) = (salt_of(salt)?, output_of(output)?);
    let iterations = match number(parameters) {
        // passlib's form.
        Some(iterations) => iterations,
        None => match named(parameters, ["i", "l"]) {
            Some([iterations, length]) if u32::try_from(output.len()) == Ok(length) => iterations,
            Some(_) => return None,
            None => named(parameters, ["i"]).map(|[iterations]| iterations)?,
        },
    };
    (iterations >= 1).then_some(Pbkdf2Hash { digest, iterations, salt, output })
}

/// `pbkdf2_sha256$iterations$salt$hash`: the salt is text as it stands.
fn django(name: &str, iterations: &str, salt: &str, output: &str) -> Option<Pbkdf2Hash> {
    let digest = match name {
        "pbkdf2_sha1" => Pbkdf2Digest::Sha1,
        "pbkdf2_sha256" => Pbkdf2Digest::Sha256,
        "pbkdf2_sha512" => Pbkdf2Digest::Sha512,
        _ => return None,
    };
    let iterations = number(iterations).filter(|iterations| *iterations >= 1)?;
    let salt = Some(salt.as_bytes().to_vec()).filter(|salt| fits_salt(salt))?;
    Some(Pbkdf2Hash { digest, iterations, salt, output: output_of(output)? })
}

fn scrypt(parameters: &str, salt: &str, output: &str) -> Option<ScryptHash> {
    let [log_n, r, p] = named(parameters, ["ln", "r", "p"])?;
    let log_n = u8::try_from(log_n).ok().filter(|log_n| (1..=63).contains(log_n))?;
    let fits = r >= 1 && p >= 1 && u64::from(r) * u64::from(p) < 1 << 30;
    let hash = ScryptHash { log_n, r, p, salt: salt_of(salt)?, output: output_of(output)? };
    fits.then_some(hash)
}

/// `name=number,…` with just these names, in this order.
fn named<const N: usize>(parameters: &str, names: [&str; N]) -> Option<[u32; N]> {
    let mut given = parameters.split(',');
    let mut values = [0; N];
    for (name, value) in names.into_iter().zip(&mut values) {
        *value = number(given.next()?.strip_prefix(name)?.strip_prefix('=')?)?;
    }
    given.next().is_none().then_some(values)
}

/// Decimal digits alone: no sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn salt_of(text: &str) -> Option<Vec<u8>> {
    decoded(text).filter(|salt| fits_salt(salt))
}

fn fits_salt(salt: &[u8]) -> bool {
    (1..=MAX_SALT).contains(&salt.len())
}

fn output_of(text: &str) -> Option<Vec<u8>> {
    decoded(text).filter(|output| OUTPUT.contains(&output.len()))
}

/// Base64; passlib writes `.` for `+`.
fn decoded(text: &str) -> Option<Vec<u8>> {
    B64.decode(text.replace('.', "+")).ok()
}

#[cfg(test)]
mod tests;
