//! Request parameters, as they come in a query or a form body (RFC 6749 §3.1, §3.2, Appendix B).

use std::fmt;

/// The most parameters that a request may carry.
pub const MAX_PARAMETERS: usize = 64;
/// The longest name of a parameter, in bytes after decoding.
pub const MAX_NAME_LENGTH: usize = 256;
/// The longest value of a parameter, in bytes after decoding.
pub const MAX_VALUE_LENGTH: usize = 8192;

/// Names that may come several times: `resource` (RFC 8707 §2) and `audience` (RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// Decoded parameters of one request. Names and values are free of NUL; empty values are not kept.
#[derive(Clone, Default)]
pub struct Parameters {
    values: Vec<(String, String)>,
    repeated: Vec<String>,
}

/// Why a query or form cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedParameters {
    /// More than [`MAX_PARAMETERS`].
    #[error("the request carries too many parameters")]
    TooMany,
    /// A name or a value is too long.
    #[error("a parameter is too long")]
    TooLong,
    /// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("a parameter is not form-encoded UTF-8")]
    Encoding,
    /// A NUL, which no parameter of ours can hold.
    #[error("a parameter holds a NUL character")]
    Nul,
}

impl MalformedParameters {
    /// What the client may be told.
    pub const fn description(self) -> &'static str {
        match self {
            Self::TooMany => "the request carries too many parameters",
            Self::TooLong => "a parameter is too long",
            Self::Encoding => "a parameter is not form-encoded UTF-8",
            Self::Nul => "a parameter holds a NUL character",
        }
    }
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` data. A name that comes twice is no failure here, so that an endpoint
    /// can still say where its answer goes; but it counts as absent and is reported by [`Parameters::repeated`].
    pub fn parse(form: &[u8]) -> Result<Self, MalformedParameters> {
        let mut parameters = Self::default();
        let mut count = 0;
        for pair in form.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            count += 1;
            if count > MAX_PARAMETERS {
                return Err(MalformedParameters::TooMany);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default(), MAX_NAME_LENGTH)?;
            let value = decode(halves.next().unwrap_or_default(), MAX_VALUE_LENGTH)?;
            // RFC 6749 §3.1: "Parameters sent without a value MUST be treated as if they were omitted from the request."
            if !value.is_empty() {
                parameters.add(name, value);
            }
        }
        Ok(parameters)
    }

    fn add(&mut self, name: String, value: String) {
        let repeatable = REPEATABLE.contains(&name.as_str());
        if !repeatable && self.values.iter().any(|(known, _)| *known == name) {
            if !self.repeated.contains(&name) {
                self.repeated.push(name);
            }
            return;
        }
        self.values.push((name, value));
    }

    /// The one value of a parameter. A repeated one has none; of `resource` and `audience` this is the first.
    pub fn get(&self, name: &str) -> Option<&str> {
        if self.is_repeated(name) {
            return None;
        }
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter that may repeat, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let readable = !self.is_repeated(name);
        self.values
            .iter()
            .filter(move |(known, _)| readable && known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Names that came more than once though they may not. RFC 6749 §3.1: "Request and response parameters MUST NOT be
    /// included more than once": an endpoint refuses the request if one that it knows is among them.
    pub fn repeated(&self) -> impl Iterator<Item = &str> {
        self.repeated.iter().map(String::as_str)
    }

    /// Whether a name came more than once though it may not.
    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|known| known == name)
    }

    /// The names of all parameters that came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(name, _)| name.as_str())
    }

    /// Whether a parameter came, once or more.
    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }
}

/// Names only: values may be secrets.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.iter().map(|(name, _)| name)).finish()
    }
}

/// Undoes form encoding (RFC 6749 Appendix B), strictly: browsers guess at a broken `%`, we refuse it.
pub(crate) fn decode(encoded: &[u8], limit: usize) -> Result<String, MalformedParameters> {
    let mut decoded = Vec::with_capacity(encoded.len().min(limit));
    let mut rest = encoded;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        let byte = match byte {
            b'+' => b' ',
            b'%' => {
                let ([high, low], tail) = tail.split_first_chunk().ok_or(MalformedParameters::Encoding)?;
                rest = tail;
                hex_digit(*high)? << 4 | hex_digit(*low)?
            }
            plain => plain,
        };
        if byte == 0 {
            return Err(MalformedParameters::Nul);
        }
        if decoded.len() == limit {
            return Err(MalformedParameters::TooLong);
        }
        decoded.push(byte);
    }
    String::from_utf8(decoded).map_err(|_| MalformedParameters::Encoding)
}

fn hex_digit(digit: u8) -> Result<u8, MalformedParameters> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(MalformedParameters::Encoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(form: &str) -> Parameters {
        Parameters::parse(form.as_bytes()).unwrap()
    }

    #[test]
    fn values_are_form_decoded() {
        let parameters = parse("scope=openid+email&state=a%2Bb%26c%3D%C3%A9&flag&=nameless&a=b=c");
        assert_eq!(parameters.get("scope"), Some("openid email"));
        assert_eq!(parameters.get("state"), Some("a+b&c=é"));
        assert_eq!(parameters.get("flag"), None);
        assert_eq!(parameters.get("a"), Some("b=c"));
    }

    #[test]
    fn a_parameter_without_a_value_counts_as_omitted() {
        let parameters = parse("scope=&state");
        assert_eq!((parameters.get("scope"), parameters.get("state")), (None, None));
        assert!(!parameters.has("scope"));
        assert_eq!(parse("scope=&scope=openid").get("scope"), Some("openid"));
    }

    #[test]
    fn a_repeated_parameter_has_no_value_and_is_reported() {
        let parameters = parse("client_id=a&client_id=a&state=x&client%5Fid=b");
        assert_eq!(parameters.get("client_id"), None);
        assert_eq!(parameters.all("client_id").count(), 0);
        assert_eq!(parameters.get("state"), Some("x"));
        assert_eq!(parameters.repeated().collect::<Vec<_>>(), ["client_id"]);
        assert!(parameters.has("client_id"));
    }

    #[test]
    fn resource_may_repeat() {
        let parameters = parse("resource=https://a.test&resource=https://b.test");
        assert_eq!(parameters.all("resource").collect::<Vec<_>>(), ["https://a.test", "https://b.test"]);
        assert_eq!(parameters.repeated().count(), 0);
    }

    #[test]
    fn broken_encodings_are_refused() {
        for (form, why) in [
            ("a=%", MalformedParameters::Encoding),
            ("a=%4", MalformedParameters::Encoding),
            ("a=%4g", MalformedParameters::Encoding),
            ("a=%+1", MalformedParameters::Encoding),
            ("a=%ff", MalformedParameters::Encoding),
            ("a=%c0%80", MalformedParameters::Encoding),
            ("a=%00", MalformedParameters::Nul),
            ("%00=a", MalformedParameters::Nul),
        ] {
            assert_eq!(Parameters::parse(form.as_bytes()).unwrap_err(), why, "{form}");
        }
        assert_eq!(Parameters::parse(b"a=\xff").unwrap_err(), MalformedParameters::Encoding);
    }

    #[test]
    fn number_and_length_are_bounded() {
        let many = vec!["a=b"; MAX_PARAMETERS].join("&");
        assert!(Parameters::parse(many.as_bytes()).is_ok());
        assert_eq!(
            Parameters::parse(format!("{many}&a=").as_bytes()).unwrap_err(),
            MalformedParameters::TooMany
        );
        let long = format!("a={}", "b".repeat(MAX_VALUE_LENGTH));
        assert!(Parameters::parse(long.as_bytes()).is_ok());
        assert_eq!(
            Parameters::parse(format!("{long}%62").as_bytes()).unwrap_err(),
            MalformedParameters::TooLong
        );
        let name = "n".repeat(MAX_NAME_LENGTH + 1);
        assert_eq!(
            Parameters::parse(format!("{name}=b").as_bytes()).unwrap_err(),
            MalformedParameters::TooLong
        );
    }

    #[test]
    fn debug_output_holds_no_value() {
        assert_eq!(format!("{:?}", parse("client_secret=hunter2")), "{\"client_secret\"}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(form in proptest::collection::vec(any::<u8>(), 0..512)) {
            if let Ok(parameters) = Parameters::parse(&form) {
                prop_assert!(parameters.values.iter().all(|(_, value)| !value.is_empty() && !value.contains('\0')));
            }
        }

        #[test]
        fn what_a_form_serializer_writes_is_read_back(value in "[^\u{0}]{1,64}", other in "[^\u{0}]{1,64}") {
            let form = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("resource", &value)
                .append_pair("state", &other)
                .append_pair("resource", &other)
                .finish();
            let parameters = Parameters::parse(form.as_bytes()).unwrap();
            prop_assert_eq!(parameters.get("state"), Some(other.as_str()));
            prop_assert_eq!(parameters.all("resource").collect::<Vec<_>>(), [value.as_str(), other.as_str()]);
        }
    }
}
