//! Everything that pages say stands in the message files: in each language, and nowhere else.

use super::*;
use scraper::{Html, Node};
use signet_protocol::explanation::{KeptRule, Rule};
use std::collections::BTreeSet;

/// Words that are no language's: a monogram, and how wide a page is.
const NAMES: [&str; 3] = ["D", "medium", "wide"];
/// Attributes whose text people read or hear.
const SPOKEN: [&str; 5] = ["alt", "aria-label", "aria-description", "placeholder", "title"];

fn messages() -> Vec<Arc<messages::Messages>> {
    messages::MessageFiles::load(None).unwrap().read().unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(templates::Embedded::get(name).unwrap().data.into_owned()).unwrap()
}

fn built_in_templates() -> Vec<(String, String)> {
    let names = templates::Embedded::iter().filter(|name| name.ends_with(".html") || name.ends_with(".txt"));
    names.map(|name| (name.to_string(), text(&name))).collect()
}

fn message_files() -> Vec<(String, String)> {
    let names = templates::Embedded::iter().filter(|name| name.starts_with("messages/"));
    names.map(|name| (name.to_string(), text(&name))).collect()
}

fn sources(folder: &Path) -> String {
    let files = templates::files_below(folder).unwrap();
    let files = files.iter().filter(|(name, _)| name.ends_with(".rs") && !name.contains("tests"));
    files.map(|(_, path)| std::fs::read_to_string(path).unwrap()).collect()
}

/// What stands between the quotes of each call of `function`.
fn named(text: &str, function: &str) -> BTreeSet<String> {
    let call = format!("{function}(\"");
    let names = text.split(&call).skip(1).filter_map(|rest| rest.split_once('"'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// A template without what the engine makes of it, and that: expressions and statements.
fn parted(text: &str) -> (String, Vec<String>) {
    let (mut html, mut code) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        html.push_str(before);
        let end = match after.chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => panic!("a brace outside of an expression: {after}"),
        };
        let (inner, after) = after.split_once(end).unwrap();
        if end != "#}" {
            code.push(inner.to_owned());
        }
        rest = after;
    }
    html.push_str(rest);
    (html, code)
}

fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphabetic) && !NAMES.contains(&text.trim())
}

#[test]
fn every_message_that_is_named_is_there_and_none_is_there_in_vain() {
    let code = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let templates: String = built_in_templates().into_iter().map(|(_, text)| text).collect();
    let mut named_somewhere = named(&code, "Words");
    named_somewhere.extend(Rule::ALL.iter().flat_map(|rule| [rule.about(), rule.mend()]).map(str::to_owned));
    let unknown = KeptRule::named("no-such-rule".to_owned());
    named_somewhere.extend([unknown.about(), unknown.mend()].map(str::to_owned));
    named_somewhere.extend(named(&templates, " t").into_iter().chain(named(&templates, "(t")));
    let texts: String = message_files().into_iter().map(|(_, text)| text).collect();
    for messages in messages() {
        for name in &named_somewhere {
            assert!(messages.arguments.contains_key(name), "{name} is missing in {}", messages.language);
        }
        for name in messages.arguments.keys() {
            let taken_in = texts.contains(&format!("{{ {name} }}"));
            assert!(named_somewhere.contains(name) || taken_in, "{name} is used nowhere");
        }
    }
}

#[test]
fn every_language_has_the_same_messages_with_the_same_arguments() {
    let files = messages::MessageFiles::load(None).unwrap();
    let all = files.read_unmeasured().unwrap();
    let (english, others): (Vec<_>, Vec<_>) = all.iter().partition(|messages| messages.language == english());
    for other in others {
        assert_eq!(english[0].arguments, other.arguments, "{}", other.language);
    }
}

#[test]
fn no_template_holds_words_of_its_own() {
    for (name, text) in built_in_templates() {
        let (html, code) = parted(&text);
        // To a parser that has scripts, what stands in there is text.
        let html = html.replace("<noscript>", "").replace("</noscript>", "");
        // A fragment would drop the head and body of a layout, a document keeps what a fragment holds.
        for node in Html::parse_document(&html).tree.nodes() {
            match node.value() {
                Node::Text(text) => assert!(!is_word(text), "{name} says {:?}", text.trim()),
                Node::Element(element) => {
                    for (attribute, value) in element.attrs() {
                        assert!(!SPOKEN.contains(&attribute) || !is_word(value), "{name} says {value:?}");
                    }
                }
                _ => {}
            }
        }
        for literal in code.iter().flat_map(|code| code.split('"').skip(1).step_by(2)) {
            let spoken = literal.contains(' ') || literal.chars().any(char::is_uppercase);
            assert!(!spoken, "{name} says {literal:?}");
        }
    }
}

#[test]
fn messages_hold_no_markup() {
    for (name, text) in message_files() {
        assert!(!text.contains('<') && !text.contains("&#"), "{name}");
    }
}
