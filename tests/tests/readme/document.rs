//! The README's fenced blocks. The word after the language says what a test does with one: `file=NAME` is written,
//! `run=NAME` is a command; a block without is for people only.

/// The page.
pub const README: &str = include_str!("../../../README.md");

/// A fenced block.
#[derive(Debug)]
pub struct Block {
    /// `file` or `run`, and the name.
    pub purpose: Option<(&'static str, &'static str)>,
    /// What stands between the fences.
    pub text: String,
}

/// Every block, in order.
pub fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let (language, purpose) = info.split_once(' ').unwrap_or((info, ""));
        assert!(!language.is_empty(), "a block without a language: {line}");
        let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        blocks.push(Block { purpose: purpose.split_once('='), text });
    }
    blocks
}

/// The text of the block with this purpose and name.
#[track_caller]
pub fn block(purpose: &str, name: &str) -> String {
    let found = blocks().into_iter().find(|block| block.purpose == Some((purpose, name)));
    found.unwrap_or_else(|| panic!("the README has no block {purpose}={name}")).text
}
