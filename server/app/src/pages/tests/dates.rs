//! Moments in words, in each language.

use super::samples::minutes_ago;
use super::*;
use minijinja::context;

fn said(language: &Language, call: &str, when: When) -> String {
    let environment = &pages().environments[language];
    let template = environment.template_from_named_str("mail.txt", call).unwrap();
    template.render(context! { when => Value::from(Serde(&when)) }).unwrap()
}

#[test]
fn a_date_is_written_as_its_language_writes_dates() {
    let berlin = minutes_ago(0, Some("Europe/Berlin"));
    for (language, call, expected) in [
        (english(), "{{ date(when) }}", "1 January 1970, 01:00"),
        (german(), "{{ date(when) }}", "1. Januar 1970, 01:00 Uhr"),
        (english(), "{{ day(when) }}", "1 January 1970"),
        (german(), "{{ day(when) }}", "1. Januar 1970"),
    ] {
        assert_eq!(said(&language, call, berlin), expected);
    }
    assert_eq!(said(&english(), "{{ date(when) }}", minutes_ago(0, None)), "1 January 1970, 00:00 UTC");
    assert_eq!(said(&german(), "{{ date(when) }}", minutes_ago(0, None)), "1. Januar 1970, 00:00 Uhr UTC");
}

#[test]
fn every_month_has_its_name() {
    for language in [english(), german()] {
        let names: std::collections::BTreeSet<_> =
            (0..12).map(|month| said(&language, "{{ day(when) }}", in_month(month))).collect();
        assert_eq!(names.len(), 12);
        assert!(
            names.iter().all(|name| name.chars().filter(|c| c.is_alphabetic()).count() >= 3),
            "{names:?}"
        );
    }
}

fn in_month(month: i64) -> When {
    let moment = signet_protocol::environment::Moment::UNIX_EPOCH + chrono::TimeDelta::days(month * 31);
    Times::of(None, moment).show(moment)
}

#[test]
fn what_was_long_ago_is_told_by_its_day() {
    for (minutes, in_english, in_german) in [
        (0, "just now", "gerade eben"),
        (1, "a minute ago", "vor einer Minute"),
        (5, "5 minutes ago", "vor 5 Minuten"),
        (60, "an hour ago", "vor einer Stunde"),
        (60 * 5, "5 hours ago", "vor 5 Stunden"),
        (60 * 24, "a day ago", "vor einem Tag"),
        (60 * 24 * 5, "5 days ago", "vor 5 Tagen"),
        (60 * 24 * 50, "1 January 1970", "1. Januar 1970"),
    ] {
        let when = minutes_ago(minutes, None);
        assert_eq!(said(&english(), "{{ ago(when) }}", when), in_english);
        assert_eq!(said(&german(), "{{ ago(when) }}", when), in_german);
    }
}

#[test]
fn on_a_page_a_moment_can_be_read_by_machines_too() {
    let page = rendered().into_iter().find(|(name, _)| *name == "home").unwrap().1;
    let expected = "Signed in: <time datetime=\"1970-01-01T00:00:00Z\" title=\"1 January 1970, 00:00 UTC\">\
                    20 minutes ago</time>.";
    assert!(page.contains(expected), "{page}");
}
