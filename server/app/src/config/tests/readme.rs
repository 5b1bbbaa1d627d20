//! The README's table of keys is the table of keys.

use super::super::key::{KEYS, Named, named};
use super::*;
use signet_service::limits::{LimitName, LimitSettings};

const README: &str = include_str!("../../../../../README.md");

/// Key and default of each row, as they stand there.
fn rows() -> Vec<(&'static str, &'static str)> {
    let table = README.split_once("| key | default | meaning |\n").expect("the table").1;
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [key, default, meaning] = cells[..] else { panic!("three cells: {row}") };
        assert!(!meaning.is_empty(), "{row}");
        (key, default)
    })
    .collect()
}

fn name(cell: &'static str) -> &'static str {
    cell.trim_start_matches('`').split('`').next().unwrap()
}

#[test]
fn the_readme_lists_every_key_once_and_in_order() {
    let listed: Vec<_> = rows().into_iter().map(|(key, _)| name(key)).collect();
    let known: Vec<_> = KEYS.iter().map(|(key, _)| *key).collect();
    assert_eq!(listed, known);
}

/// A row for each limit: name, what it counts, strategy, number, period.
#[test]
fn the_readmes_limits_are_those_of_the_server() {
    let table = README.split_once("| limit | counts | strategy | number | period |\n").expect("the table").1;
    let listed: Vec<Vec<_>> = table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    let known: Vec<Vec<String>> = LimitName::ALL
        .into_iter()
        .map(|name| {
            let LimitSettings { strategy, number, period, burst } = name.default_settings();
            assert_eq!(burst, None, "the table has no column for it");
            let number = number.map_or_else(|| "none".to_owned(), |number| number.to_string());
            vec![name.as_str().to_owned(), strategy.as_str().to_owned(), number, period.to_string()]
        })
        .collect();
    let without_text = |row: Vec<&'static str>| {
        let [name, text, rest @ ..] = row.as_slice() else { panic!("{row:?}") };
        assert!(!text.is_empty(), "{name}");
        std::iter::once(name).chain(rest).map(|cell| (*cell).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed.into_iter().map(without_text).collect::<Vec<_>>(), known);
}

#[test]
fn the_readme_says_which_keys_may_come_from_a_file() {
    for (cell, _) in rows() {
        let (says, may) = (cell.ends_with("(or `_file`)"), named(&format!("{}_file", name(cell))));
        assert_eq!(says, matches!(may, Named::FileOf(..)), "{cell}");
    }
}

/// A configuration that spells out every default of the table is the one that nothing was set in.
#[test]
fn the_readmes_defaults_are_those_of_the_server() {
    let mut text = String::new();
    let mut without = Vec::new();
    for (key, default) in rows() {
        match default.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
            Some(value) => text.push_str(&format!("{} = {value}\n", name(key))),
            None => without.push((name(key), default)),
        }
    }
    let config = config(&text);
    let embedded = Config::embedded();
    assert_eq!(format!("{config:?}"), format!("{embedded:?}"));
    assert_eq!(config.database.url.expose(), embedded.database.url.expose());

    let MasterKeySource::File(file) = embedded.keys.master_key else { panic!("not a file") };
    for (key, default) in without {
        let right = match key {
            "keys.master_key" => format!("`{}`, made on first start", file.display()),
            _ => "none".to_owned(),
        };
        assert_eq!(default, right, "{key}");
    }
}

#[test]
fn the_configuration_in_deploy_is_accepted_without_a_warning() {
    let text = include_str!("../../../../../deploy/signet.toml");
    let (config, warnings) = load(text, &[]).unwrap();
    assert_eq!(warnings, []);
    assert!(config.server.issuer.is_https() && config.demo().is_none());
}
