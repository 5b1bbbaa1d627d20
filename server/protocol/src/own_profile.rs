//! The claims that people may change themselves (OpenID Connect Core §5.1), and what each must look like.

use crate::user::Profile;

/// The longest value, in characters.
const MAX_LENGTH: usize = 200;
/// The longest address of a page or a picture, in bytes.
const MAX_LINK: usize = 1024;

/// What a claim must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Anything on one line.
    Line,
    /// The https address of something.
    Link,
    /// A date, or a year alone.
    Birthdate,
    /// A name of the time zone database.
    TimeZone,
    /// A language tag.
    Locale,
    /// An E.164 number.
    PhoneNumber,
}

/// A claim: its name, its shape, and where it is kept.
type Claim = (&'static str, Shape, fn(&mut Profile) -> &mut Option<String>);

const CLAIMS: [Claim; 13] = [
    ("name", Shape::Line, |profile| &mut profile.name),
    ("given_name", Shape::Line, |profile| &mut profile.given_name),
    ("middle_name", Shape::Line, |profile| &mut profile.middle_name),
    ("family_name", Shape::Line, |profile| &mut profile.family_name),
    ("nickname", Shape::Line, |profile| &mut profile.nickname),
    ("profile", Shape::Link, |profile| &mut profile.profile),
    ("picture", Shape::Link, |profile| &mut profile.picture),
    ("website", Shape::Link, |profile| &mut profile.website),
    ("gender", Shape::Line, |profile| &mut profile.gender),
    ("birthdate", Shape::Birthdate, |profile| &mut profile.birthdate),
    ("zoneinfo", Shape::TimeZone, |profile| &mut profile.zoneinfo),
    ("locale", Shape::Locale, |profile| &mut profile.locale),
    ("phone_number", Shape::PhoneNumber, |profile| &mut profile.phone_number),
];

/// What is wrong with a value that a person gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimFault {
    /// It is too long, or not on one line.
    Line,
    /// It is no https address.
    Link,
    /// It is no date.
    Birthdate,
    /// It is no time zone.
    TimeZone,
    /// It is no language tag.
    Locale,
    /// It is no telephone number with its country's code.
    PhoneNumber,
}

/// A profile as a person wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileChange {
    /// The profile from now on.
    pub profile: Profile,
    /// The claims that are not what they were.
    pub fields: Vec<&'static str>,
}

/// The claims' names, in the order in which they are asked for, each with its value in a profile.
pub fn own_claims(profile: &Profile) -> Vec<(&'static str, Option<String>)> {
    let mut profile = profile.clone();
    CLAIMS.iter().map(|(name, _, place)| (*name, place(&mut profile).take())).collect()
}

/// Takes over what `given` says of each claim: an empty value removes it, none leaves it as it is. All faults are found
/// at once.
pub fn change<'a>(
    profile: &Profile,
    given: impl Fn(&str) -> Option<&'a str>,
) -> Result<ProfileChange, Vec<(&'static str, ClaimFault)>> {
    let (mut changed, mut fields, mut faults) = (profile.clone(), Vec::new(), Vec::new());
    for (name, shape, place) in CLAIMS {
        let Some(value) = given(name).map(str::trim) else { continue };
        let value = (!value.is_empty()).then(|| value.to_owned());
        let place = place(&mut changed);
        // What stood there already was accepted by someone else, and may stay.
        if *place == value {
            continue;
        }
        match value.as_deref().map_or(Ok(()), |value| shape.check(value)) {
            Ok(()) => {
                *place = value;
                fields.push(name);
            }
            Err(fault) => faults.push((name, fault)),
        }
    }
    if fields.contains(&"phone_number") {
        // §5.1: true means that steps were taken "to ensure that this phone number was controlled by the End-User".
        changed.phone_number_verified = changed.phone_number.as_ref().map(|_| false);
    }
    if faults.is_empty() { Ok(ProfileChange { profile: changed, fields }) } else { Err(faults) }
}

impl Shape {
    fn check(self, value: &str) -> Result<(), ClaimFault> {
        let (fits, fault) = match self {
            Self::Line => (is_line(value), ClaimFault::Line),
            Self::Link => (is_link(value), ClaimFault::Link),
            Self::Birthdate => (is_birthdate(value), ClaimFault::Birthdate),
            Self::TimeZone => (is_time_zone(value), ClaimFault::TimeZone),
            Self::Locale => (is_locale(value), ClaimFault::Locale),
            Self::PhoneNumber => (is_phone_number(value), ClaimFault::PhoneNumber),
        };
        if fits { Ok(()) } else { Err(fault) }
    }
}

fn is_line(value: &str) -> bool {
    value.chars().count() <= MAX_LENGTH && !value.chars().any(char::is_control)
}

/// Applications show it as a link or load it as a picture: nothing but https, and no password in it.
fn is_link(value: &str) -> bool {
    let parsed = url::Url::parse(value).ok();
    let fits = parsed.is_some_and(|url| {
        url.scheme() == "https" && url.has_host() && url.username().is_empty() && url.password().is_none()
    });
    fits && value.len() <= MAX_LINK && !value.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// §5.1: "represented as an ISO 8601-1 YYYY-MM-DD format. The year MAY be 0000, indicating that it is omitted. To
/// represent only the year, YYYY format is allowed."
fn is_birthdate(value: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match value.split('-').collect::<Vec<_>>().as_slice() {
        [year] => year.len() == 4 && digits(year),
        [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            // A year without days is leap, so that nobody's 29 February is refused.
            let year = if *year == "0000" { "2000" } else { year };
            digits(year) && format!("{year}-{month}-{day}").parse::<chrono::NaiveDate>().is_ok()
        }
        _ => false,
    }
}

/// As the time zone database writes them: `Europe/Berlin`, `Etc/GMT+3`.
fn is_time_zone(value: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+'))
    };
    value.len() <= 64 && value.split('/').all(part)
}

/// BCP 47; §5.1 lets underscores pass, too.
fn is_locale(value: &str) -> bool {
    let part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let language = value.split(['-', '_']).next().unwrap_or_default();
    value.len() <= 35
        && (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic())
        && value.split(['-', '_']).all(part)
}

/// §5.1: "E.164 is RECOMMENDED as the format", for example `+1 (425) 555-1212`.
fn is_phone_number(value: &str) -> bool {
    let Some(number) = value.strip_prefix('+') else { return false };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    // E.164 §6.1: fifteen digits at most.
    (5..=15).contains(&digits)
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'(' | b')' | b'.' | b'/'))
        && value.len() <= 40
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> Profile {
        Profile {
            name: Some("Alice".to_owned()),
            phone_number: Some("+1 555 0100".to_owned()),
            phone_number_verified: Some(true),
            ..Profile::default()
        }
    }

    fn changed(
        name: &'static str,
        value: &'static str,
    ) -> Result<ProfileChange, Vec<(&'static str, ClaimFault)>> {
        change(&alice(), |asked| (asked == name).then_some(value))
    }

    #[test]
    fn what_is_not_given_stays_and_what_is_empty_goes() {
        let change = changed("name", "  ").unwrap();
        assert_eq!(change.fields, ["name"]);
        assert_eq!(change.profile, Profile { name: None, ..alice() });
        assert_eq!(changed("name", " Alice ").unwrap().fields, [""; 0]);
    }

    #[test]
    fn nobody_verifies_their_own_phone_number_by_changing_it() {
        let change = changed("phone_number", "+49 30 901820").unwrap();
        assert_eq!(change.profile.phone_number_verified, Some(false));
        assert_eq!(changed("phone_number", "").unwrap().profile.phone_number_verified, None);
        assert_eq!(changed("phone_number_verified", "true").unwrap().profile, alice());
    }

    #[test]
    fn claims_of_other_kinds_cannot_be_given() {
        for name in ["roles", "email", "email_verified", "username", "sub", "address"] {
            assert_eq!(changed(name, "admin").unwrap().fields, [""; 0], "{name}");
        }
    }

    #[test]
    fn links_are_https_and_nothing_else() {
        assert!(changed("picture", "https://example.test/a.png?x=1").is_ok());
        for refused in [
            "http://example.test/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "//x",
            "https://a:b@c",
        ] {
            assert_eq!(changed("picture", refused), Err(vec![("picture", ClaimFault::Link)]), "{refused}");
        }
    }

    #[test]
    fn each_claim_has_its_shape() {
        for (name, good, bad) in [
            (
                "birthdate",
                vec!["1990-02-28", "0000-02-29", "1990"],
                vec!["1990-02-30", "90", "28.2.1990", "1990-2-8"],
            ),
            (
                "zoneinfo",
                vec!["Europe/Berlin", "UTC", "Etc/GMT+3"],
                vec!["Europe/", "../etc/passwd", "+1", "a b"],
            ),
            ("locale", vec!["de", "de-DE", "en_GB", "zh-Hant-TW"], vec!["d", "de-", "1e", "deutsch bitte"]),
            (
                "phone_number",
                vec!["+49 (30) 90-1820"],
                vec!["030 901820", "+12", "+1234567890123456", "+49 call"],
            ),
            ("nickname", vec!["Ally ☂"], vec!["a\u{0}b"]),
        ] {
            for value in good {
                let given = change(&alice(), |asked| (asked == name).then_some(value));
                assert!(given.is_ok(), "{name}={value}");
            }
            for value in bad {
                let given = change(&alice(), |asked| (asked == name).then_some(value));
                assert!(given.is_err(), "{name}={value}");
            }
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let given = change(&alice(), |name| matches!(name, "picture" | "locale").then_some("?"));
        assert_eq!(given, Err(vec![("picture", ClaimFault::Link), ("locale", ClaimFault::Locale)]));
    }
}
