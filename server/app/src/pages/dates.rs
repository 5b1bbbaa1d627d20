//! The templates' `date(when)`, `day(when)` and `ago(when)`: a moment in words.

use super::Words;
use super::messages::Messages;
use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::{AutoEscape, Error, ErrorKind, HtmlEscape, State, Value};

/// What is told of a moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// `date(when)`: day and time.
    Date,
    /// `day(when)`: the day alone.
    Day,
    /// `ago(when)`: how long ago it was; the day, if that is long.
    Ago,
}

impl Messages {
    /// The moment in words: in a mail's plain text as they are, on a page as a `<time>` element, which is HTML and
    /// therefore has no place in an attribute.
    pub(super) fn tell(&self, state: &State<'_, '_>, told: Told, when: &Value) -> Result<Value, Error> {
        let (text, exact) = match told {
            Told::Date => (self.date(when)?, None),
            Told::Day => (self.say(Words("day"), when, &["day", "month", "year"])?, None),
            Told::Ago => (self.ago(when)?, Some(self.date(when)?)),
        };
        if !matches!(state.auto_escape(), AutoEscape::Html) {
            return Ok(Value::from(text));
        }
        let machine = when.get_attr("machine")?.to_string();
        let title = exact.map(|exact| format!(" title=\"{}\"", HtmlEscape(&exact))).unwrap_or_default();
        let (machine, text) = (HtmlEscape(&machine), HtmlEscape(&text));
        Ok(Value::from_safe_string(format!("<time datetime=\"{machine}\"{title}>{text}</time>")))
    }

    fn date(&self, when: &Value) -> Result<String, Error> {
        let words = if when.get_attr("is_utc")?.is_true() { Words("date-utc") } else { Words("date") };
        self.say(words, when, &["day", "month", "year", "time"])
    }

    fn ago(&self, when: &Value) -> Result<String, Error> {
        match when.get_attr("unit")?.as_str() {
            Some("") => self.say(Words("day"), when, &["day", "month", "year"]),
            _ => self.say(Words("ago"), when, &["count", "unit"]),
        }
    }

    /// A message whose arguments are fields of the moment.
    fn say(&self, Words(id): Words, when: &Value, fields: &[&'static str]) -> Result<String, Error> {
        let no_moment = || Error::new(ErrorKind::InvalidOperation, format!("{id}: this is no moment"));
        let mut values = FluentArgs::new();
        for name in fields {
            let value = when.get_attr(name)?;
            let text = value.as_str().map(|text| FluentValue::from(text.to_owned()));
            let value = text.or_else(|| i64::try_from(value).ok().map(FluentValue::from));
            values.set(*name, value.ok_or_else(no_moment)?);
        }
        self.format(id, &values).map_err(|reason| Error::new(ErrorKind::InvalidOperation, reason))
    }
}
