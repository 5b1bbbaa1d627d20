//! Which language a person is spoken to in: `ui_locales` (OpenID Connect Core §3.1.2.1) and `Accept-Language`
//! (RFC 9110 §12.5.4), looked up among the languages that there are (RFC 4647 §3.4).

use std::fmt;
use std::sync::Arc;

/// More language ranges than this are nobody's own wish.
const MAX_RANGES: usize = 32;

/// Primary language subtags whose usual script runs from right to left.
const RIGHT_TO_LEFT: [&str; 10] = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/// A language that pages and mails exist in, as its tag (RFC 5646): `en`, `de`, `pt-BR`. Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(Arc<str>);

impl Language {
    /// The language of a tag; none if it cannot be one: subtags of one to eight letters and digits (RFC 5646 §2.1).
    pub fn parse(tag: &str) -> Option<Self> {
        let subtag = |subtag: &str| {
            (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let letters = |primary: &str| primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        let known = tag.split('-').all(subtag) && tag.split('-').next().is_some_and(letters);
        known.then(|| Self(tag.into()))
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// HTML's `dir`: `ltr` or `rtl`.
    pub fn direction(&self) -> &'static str {
        let primary = self.0.split('-').next().unwrap_or_default();
        if RIGHT_TO_LEFT.iter().any(|tag| tag.eq_ignore_ascii_case(primary)) { "rtl" } else { "ltr" }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// All languages that there are, and the one for people who want none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages {
    offered: Vec<Language>,
    default: Language,
}

impl Languages {
    /// `None` if the default is not among those offered.
    pub fn new(offered: Vec<Language>, default: &str) -> Option<Self> {
        let default = find(&offered, default)?.clone();
        Some(Self { offered, default })
    }

    /// All of them.
    pub fn all(&self) -> &[Language] {
        &self.offered
    }

    /// What is spoken to someone who has said nothing.
    pub fn default_language(&self) -> &Language {
        &self.default
    }

    /// The first of `ui_locales` that there is: "End-User's preferred languages and scripts for the user interface,
    /// represented as a space-separated list of BCP47 language tag values, ordered by preference"; "an error SHOULD NOT
    /// result if some or all of the requested locales are not supported" (OpenID Connect Core §3.1.2.1).
    pub fn of_ui_locales(&self, ui_locales: &str) -> Option<&Language> {
        ui_locales.split_ascii_whitespace().take(MAX_RANGES).find_map(|range| self.lookup(range))
    }

    /// The language that an `Accept-Language` header prefers of those that there are; none if there is none.
    ///
    /// RFC 9110 §12.5.4: ranges with weights, of which 0 means "not acceptable". `*` is any language: the default one.
    pub fn of_accept_language(&self, header: &str) -> Option<&Language> {
        let mut ranges: Vec<(&str, u16)> = header.split(',').take(MAX_RANGES).filter_map(weighted).collect();
        // Among equals the first one wins: the sort is stable.
        ranges.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        ranges.iter().filter(|(_, weight)| *weight > 0).find_map(|(range, _)| match *range {
            "*" => Some(&self.default),
            range => self.lookup(range),
        })
    }

    /// The language of someone's profile (`locale`, OpenID Connect Core §5.1), else the default. Some write `de_DE`.
    pub fn of_profile(&self, locale: Option<&str>) -> &Language {
        let found = locale.and_then(|locale| self.lookup(&locale.replace('_', "-")));
        found.unwrap_or(&self.default)
    }

    /// RFC 4647 §3.4: "the language range is progressively truncated from the end until a matching language tag is
    /// located". "Single letter or digit subtags … are also removed at the same time as their closest trailing subtag."
    fn lookup(&self, range: &str) -> Option<&Language> {
        let mut range = range;
        loop {
            if let Some(found) = find(&self.offered, range) {
                return Some(found);
            }
            range = range.rsplit_once('-')?.0;
            if let Some((shorter, last)) = range.rsplit_once('-')
                && last.len() == 1
            {
                range = shorter;
            }
        }
    }
}

fn find<'a>(offered: &'a [Language], tag: &str) -> Option<&'a Language> {
    offered.iter().find(|language| language.tag().eq_ignore_ascii_case(tag))
}

/// A range and its weight in thousandths (RFC 9110 §12.4.2); none if it cannot be read.
fn weighted(element: &str) -> Option<(&str, u16)> {
    let (range, parameters) = element.split_once(';').unwrap_or((element, ""));
    let range = range.trim();
    if range.is_empty() {
        return None;
    }
    let weight = match parameters.trim() {
        "" => 1000,
        parameters => thousandths(parameters.strip_prefix(['q', 'Q'])?.trim().strip_prefix('=')?.trim())?,
    };
    Some((range, weight))
}

/// `qvalue`: 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let decimals: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(decimals),
        "1" if decimals == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn languages() -> Languages {
        let offered = ["en", "de", "pt-BR"].map(|tag| Language::parse(tag).unwrap());
        Languages::new(offered.to_vec(), "en").unwrap()
    }

    #[test]
    fn the_first_ui_locale_that_there_is_wins() {
        let languages = languages();
        let found = |locales| languages.of_ui_locales(locales).map(Language::tag);
        for (locales, expected) in [
            ("de", Some("de")),
            ("fr de en", Some("de")),
            ("DE-ch", Some("de")),
            ("de-Latn-CH-1996", Some("de")),
            ("pt-br", Some("pt-BR")),
            ("pt-BR-x-tupi", Some("pt-BR")),
            ("pt", None),
            ("fr", None),
            ("", None),
            ("*", None),
            ("-", None),
            ("de\"><script>", None),
        ] {
            assert_eq!(found(locales), expected, "{locales}");
        }
    }

    #[test]
    fn accepted_languages_are_taken_by_weight_and_then_by_order() {
        let languages = languages();
        let found = |header| languages.of_accept_language(header).map(Language::tag);
        for (header, expected) in [
            ("de", Some("de")),
            ("de-AT, en;q=0.9", Some("de")),
            ("en;q=0.5, de;q=0.8", Some("de")),
            ("en ; q=0.5 ,de ; Q = 0.501", Some("de")),
            ("fr, de;q=0.1", Some("de")),
            ("de;q=0, fr", None),
            ("de;q=0.000", None),
            ("fr, *;q=0.1", Some("en")),
            ("de, en", Some("de")),
            ("de;q=2, en;q=0.1", Some("en")),
            ("de;q=0.1234, en;q=0.1", Some("en")),
            ("de;q=1.001", None),
            ("de;level=1", None),
            ("", None),
            (",;,;q=1", None),
        ] {
            assert_eq!(found(header), expected, "{header}");
        }
    }

    #[test]
    fn a_flood_of_languages_is_not_read_to_its_end() {
        let flood = format!("{}de", "fr,".repeat(MAX_RANGES));
        assert_eq!(languages().of_accept_language(&flood), None);
        assert_eq!(languages().of_ui_locales(&flood.replace(',', " ")), None);
    }

    #[test]
    fn a_profile_without_a_known_language_gets_the_default() {
        let languages = languages();
        let found = |locale| languages.of_profile(locale).tag();
        assert_eq!(
            [found(Some("de_AT")), found(Some("de-DE")), found(Some("fr")), found(None)],
            ["de", "de", "en", "en"]
        );
    }

    #[test]
    fn a_default_that_is_not_offered_is_refused() {
        assert_eq!(Languages::new(vec![Language::parse("de").unwrap()], "en"), None);
    }

    #[test]
    fn only_tags_are_languages() {
        for tag in ["", "-", "de-", "a b", "../en", "12", "deutschland", "dé"] {
            assert_eq!(Language::parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn each_language_runs_in_its_direction() {
        let direction = |tag| Language::parse(tag).unwrap().direction();
        assert_eq!([direction("de"), direction("ar-EG"), direction("he")], ["ltr", "rtl", "rtl"]);
    }
}
