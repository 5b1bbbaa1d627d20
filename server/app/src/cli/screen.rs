//! Where a command writes. What it tells was often named by strangers: nothing of it commands the terminal.

use serde_json::Value;
use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;

/// Where a command writes: results to one side, remarks to the other.
pub(super) struct Screen<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) err: &'a mut dyn Write,
}

impl Screen<'_> {
    /// A line of the result, on stdout, or several. A reader that has gone away (`signet keys list | head -1`) is no failure.
    pub(super) fn say(&mut self, text: impl Display) {
        drop(writeln!(self.out, "{}", in_lines(&text.to_string())));
    }

    /// A value as JSON, on stdout.
    pub(super) fn give(&mut self, value: &Value) {
        drop(writeln!(self.out, "{}", as_json(&format!("{value:#}"))));
    }

    /// A remark, on stderr.
    pub(super) fn note(&mut self, text: impl Display) {
        drop(writeln!(self.err, "{}", in_lines(&text.to_string())));
    }
}

/// A text that somebody else wrote, in one line.
pub fn in_one_line(text: &str) -> Cow<'_, str> {
    escaped(text, commands, |character: char| character.escape_default().to_string())
}

/// A text of ours, which may hold what somebody else wrote.
fn in_lines(text: &str) -> Cow<'_, str> {
    let commands = |character: char| character != '\n' && commands(character);
    escaped(text, commands, |character: char| character.escape_default().to_string())
}

/// A text that is JSON, and stays it: what commands a terminal stands in strings only.
pub(super) fn as_json(text: &str) -> Cow<'_, str> {
    let commands = |character: char| character != '\n' && commands(character);
    escaped(text, commands, |character: char| format!("\\u{:04x}", u32::from(character)))
}

fn escaped(text: &str, commands: impl Fn(char) -> bool, escape: impl Fn(char) -> String) -> Cow<'_, str> {
    if !text.contains(&commands) {
        return text.into();
    }
    let one = |character: char| if commands(character) { escape(character) } else { String::from(character) };
    text.chars().map(one).collect::<String>().into()
}

/// Control characters, and those that turn the direction of what follows (UAX #9 §2).
fn commands(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Clears the screen, in both of its spellings, and turns the direction.
    const HOSTILE: &str = "Größe\u{1b}[2J\u{9b}2J\u{202e}\r\n";

    #[test]
    fn what_somebody_else_wrote_commands_no_terminal() {
        assert_eq!(in_one_line(HOSTILE), "Größe\\u{1b}[2J\\u{9b}2J\\u{202e}\\r\\n");
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut screen = Screen { out: &mut out, err: &mut err };
        screen.say(format_args!("one\ntwo {HOSTILE}"));
        screen.note(HOSTILE);
        screen.give(&json!({"name": HOSTILE}));
        let told = String::from_utf8([out, err].concat()).unwrap();
        assert!(told.starts_with("one\ntwo Größe\\u{1b}"), "{told}");
        assert!(!told.contains(|character: char| character != '\n' && commands(character)), "{told}");
    }

    #[test]
    fn json_stays_what_it_is() {
        let value = json!({"name": HOSTILE, "list": ["\u{7f}", 1]});
        let mut out = Vec::new();
        Screen { out: &mut out, err: &mut Vec::new() }.give(&value);
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), value);
    }
}
