//! Answers of administration for a terminal.

use super::{ClientTask, Screen, Task, UserTask};
use crate::cli::screen::{as_json, in_one_line};
use serde_json::Value;

/// What the lists show: a heading, and the field that stands below it.
const CLIENTS: &[(&str, &str)] = &[
    ("CLIENT_ID", "client_id"),
    ("NAME", "client_name"),
    ("AUTHENTICATION", "token_endpoint_auth_method"),
    ("DISABLED", "disabled"),
    ("CHANGED", "updated_at"),
];
const USERS: &[(&str, &str)] = &[
    ("USERNAME", "username"),
    ("EMAIL", "email"),
    ("NAME", "name"),
    ("ROLES", "roles"),
    ("DISABLED", "disabled"),
    ("ID", "id"),
];

/// Prints an answer: lists as tables, things a field a line, and what has no content as done.
pub(super) fn answer(task: &Task, answer: &Value, screen: &mut Screen<'_>) {
    match (task, answer) {
        (Task::Client(ClientTask::List { .. }), Value::Array(rows)) => table(CLIENTS, rows, screen),
        (Task::User(UserTask::List { .. }), Value::Array(rows)) => table(USERS, rows, screen),
        (_, Value::Object(fields)) => {
            for (name, value) in fields.iter().filter(|(_, value)| !is_nothing(value)) {
                screen.say(format_args!("{}: {}", in_one_line(name), told(value)));
            }
        }
        _ => screen.say("done"),
    }
}

fn table(columns: &[(&str, &str)], rows: &[Value], screen: &mut Screen<'_>) {
    let heading = columns.iter().map(|(heading, _)| (*heading).to_owned()).collect();
    let cells = rows.iter().map(|row| columns.iter().map(|(_, field)| told(&row[*field])).collect());
    let lines: Vec<Vec<String>> = std::iter::once(heading).chain(cells).collect();
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns.len()).map(width).collect();
    for line in &lines {
        let cells: Vec<_> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        screen.say(cells.join("  ").trim_end());
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// A value in one line.
fn told(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => in_one_line(text).into_owned(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().map(told).collect::<Vec<_>>().join(", ")
        }
        value => as_json(&value.to_string()).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(task: &Task, value: &Value) -> String {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        answer(task, value, &mut Screen { out: &mut out, err: &mut err });
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_list_is_a_table() {
        let rows = json!([
            {"client_id": "shop", "client_name": "Größe", "token_endpoint_auth_method": "none", "disabled": false, "updated_at": "x"},
            {"client_id": "a", "client_name": "\u{1b}[2J", "token_endpoint_auth_method": "none", "disabled": true, "updated_at": null},
        ]);
        let table = shown(&Task::Client(ClientTask::List { search: None }), &rows);
        let expected = "CLIENT_ID  NAME       AUTHENTICATION  DISABLED  CHANGED\n\
                        shop       Größe      none            false     x\n\
                        a          \\u{1b}[2J  none            true      -\n";
        assert_eq!(table, expected);
    }

    #[test]
    fn a_thing_is_a_line_for_each_field_that_it_has() {
        let value = json!({"client_id": "shop", "contacts": [], "n": 1, "redirect_uris": ["a", "b\u{9b}"], "s": {"a": "\u{9b}"}, "tier": null});
        let told = shown(&Task::Client(ClientTask::Show("shop".to_owned())), &value);
        assert_eq!(told, "client_id: shop\nn: 1\nredirect_uris: a, b\\u{9b}\ns: {\"a\":\"\\u009b\"}\n");
        assert_eq!(shown(&Task::Explain("x".to_owned()), &Value::Null), "done\n");
    }
}
