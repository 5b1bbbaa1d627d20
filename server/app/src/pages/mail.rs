//! Mails as people read them: a text and an HTML template for each kind, in the language of whoever gets it.

use super::{Pages, PagesError, Times, When, templates, try_out};
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Environment, Error, Value};
use serde::Serialize;
use signet_protocol::factor::Factor;
use signet_service::mail::{Addressee, Letter, Mail, Rendered};

/// What the templates are shown with.
#[derive(Serialize)]
struct Context<'a> {
    mail: &'a Mail,
    /// What the person is called.
    name: Option<String>,
    /// The address that it goes to.
    address: &'a str,
    issuer: &'a str,
    /// What it tells of happened then.
    when: When,
    /// What is going to happen will happen then.
    at: Option<When>,
}

/// The most characters of a name: more is no name, but a message of somebody's.
const LONGEST_NAME: usize = 60;

impl Pages {
    /// A letter in the language of its addressee. `issuer` stands at its end.
    pub fn mail(&self, letter: &Letter, issuer: &str) -> Result<Rendered, PagesError> {
        let environment = self.environment(self.languages.of_profile(letter.to.language.as_deref()))?;
        rendered(environment, letter, issuer)
            .map_err(|error| templates::described(&error, |name| name.to_owned()))
    }
}

pub(super) fn rendered(
    environment: &Environment<'_>,
    letter: &Letter,
    issuer: &str,
) -> Result<Rendered, Error> {
    let Letter { to, mail, written_at } = letter;
    let times = Times::of(to.zoneinfo.as_deref(), *written_at);
    let at = match mail {
        Mail::AccountDeletionScheduled { at } => Some(times.show(*at)),
        _ => None,
    };
    let name = to.name.as_deref().map(one_line).filter(|name| !name.is_empty());
    let when = times.show(*written_at);
    let context = Value::from(Serde(Context { mail, name, address: &to.address, issuer, when, at }));
    let kind = mail.kind();
    let text = try_out(environment, &format!("mail/{kind}.txt"), &context)?;
    let html = try_out(environment, &format!("mail/{kind}.html"), &context)?;
    let (subject, text) = text.split_once('\n').unwrap_or((&text, ""));
    Ok(Rendered { subject: subject.trim().to_owned(), text: format!("{}\n", text.trim()), html })
}

/// A name as it can stand in a greeting: its line breaks would look like the mail's own words.
fn one_line(name: &str) -> String {
    let parts = name.split(|c: char| c.is_control() || c.is_whitespace());
    let line = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_NAME).collect()
}

/// One letter of each kind, and more where a template has a choice: what they are tried with before anyone gets one.
pub(super) fn samples() -> Vec<Letter> {
    let link = || "http://localhost:8080/sample#token".to_owned();
    let passkey = "Telephone".to_owned();
    let code = "12345678".to_owned();
    let mut mails = vec![
        Mail::EmailCode { code, minutes: 10 },
        Mail::VerifyEmail { link: link(), hours: 24 },
        Mail::ResetPassword { link: link(), minutes: 30 },
        Mail::ConfirmRegistration { link: link(), hours: 24 },
        Mail::AlreadyRegistered { forgot_link: link() },
        Mail::Invitation { link: link(), days: 7 },
        Mail::PasswordChanged,
        Mail::RecoveryCodesMade,
        Mail::RecoveryCodeUsed { left: 0 },
        Mail::RecoveryCodeUsed { left: 7 },
        Mail::PasskeyCloned { passkey },
        Mail::EmailChanged,
        Mail::ConfirmAddress { link: link(), hours: 24 },
        Mail::ApproveAddress { link: link(), new: "alice@example.com".to_owned(), hours: 24 },
        Mail::AddressTaken,
        Mail::AccountDeletionScheduled { at: DateTime::<Utc>::UNIX_EPOCH },
    ];
    for factor in [Factor::Totp, Factor::Passkey, Factor::RecoveryCode, Factor::EmailCode] {
        mails.extend([Mail::FactorAdded { factor }, Mail::FactorRemoved { factor }]);
    }
    let letter = |name: Option<&str>, mail| {
        let stranger = Addressee::stranger("alice@example.test".to_owned(), None);
        let to = Addressee { name: name.map(str::to_owned), ..stranger };
        Letter { to, mail, written_at: DateTime::<Utc>::UNIX_EPOCH }
    };
    let nameless = letter(None, Mail::PasswordChanged);
    mails.into_iter().map(|mail| letter(Some("Alice Example"), mail)).chain([nameless]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::Branding;

    fn written(letter: &Letter) -> Rendered {
        Pages::load(Branding::default(), None).unwrap().mail(letter, "http://localhost:8080").unwrap()
    }

    fn reset(name: &str, language: &str) -> Letter {
        let mail =
            Mail::ResetPassword { link: "http://localhost:8080/reset?a=1&b=2".to_owned(), minutes: 30 };
        let stranger = Addressee::stranger("alice@example.test".to_owned(), Some(language.to_owned()));
        let to = Addressee { name: Some(name.to_owned()), ..stranger };
        Letter { to, mail, written_at: DateTime::<Utc>::UNIX_EPOCH }
    }

    #[test]
    fn a_mail_speaks_the_language_of_whoever_gets_it() {
        for (tag, greeting) in
            [("de-AT", "Guten Tag Alice,"), ("en", "Hello Alice,"), ("tlh", "Hello Alice,")]
        {
            let mail = written(&reset("Alice", tag));
            assert_eq!(mail.text.lines().next(), Some(greeting), "{tag}");
            assert!(mail.html.contains(greeting), "{}", mail.html);
        }
    }

    #[test]
    fn a_mail_tells_the_time_of_whoever_gets_it() {
        let told = |language: &str, zone: Option<&str>| {
            let letter = Letter { mail: Mail::PasswordChanged, ..reset("Alice", language) };
            let to = Addressee { zoneinfo: zone.map(str::to_owned), ..letter.to.clone() };
            written(&Letter { to, ..letter })
        };
        assert!(told("en", None).text.contains("1 January 1970, 00:00 UTC"));
        assert!(told("en", Some("Europe/Berlin")).text.contains("1 January 1970, 01:00."));
        let german = told("de_DE", Some("Europe/Berlin"));
        assert!(german.text.contains("(1. Januar 1970, 01:00 Uhr)"), "{}", german.text);
        assert!(german.html.contains(">1. Januar 1970, 01:00 Uhr</time>"), "{}", german.html);
    }

    #[test]
    fn text_and_html_hold_the_same_link_and_a_subject_of_one_line() {
        let mail = written(&reset("Alice", "en"));
        assert_eq!(mail.subject, "Choose a new password for Signet");
        assert!(mail.text.contains("\nhttp://localhost:8080/reset?a=1&b=2\n"), "{}", mail.text);
        let html = mail.html.replace("&#x2f;", "/");
        assert!(html.contains("href=\"http://localhost:8080/reset?a=1&amp;b=2\""), "{html}");
        assert!(!mail.text.contains("&amp;") && !mail.text.contains("\n\n\n"), "{}", mail.text);
    }

    #[test]
    fn a_name_adds_neither_lines_nor_markup() {
        let mail = written(&reset("Alice,\n\nyour account is closed: <a href=x>", "en"));
        assert_eq!(mail.text.lines().next(), Some("Hello Alice, your account is closed: <a href=x>,"));
        assert!(!mail.html.contains("<a href=x>"), "{}", mail.html);
        let long = written(&reset(&"x".repeat(500), "en"));
        assert!(long.text.lines().next().unwrap().len() < 80);
    }
}
