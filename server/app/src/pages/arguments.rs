//! Which arguments a message takes, found by reading it.

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use std::collections::{BTreeMap, BTreeSet};

/// The names of a message's arguments.
pub(super) type Arguments = BTreeSet<String>;

/// What one message refers to.
#[derive(Default)]
struct Found {
    variables: Arguments,
    messages: BTreeSet<String>,
}

/// What every message refers to.
#[derive(Default)]
pub(super) struct References(BTreeMap<String, Found>);

impl References {
    /// Reads a file. A message of a name that was read before takes that one's place.
    pub(super) fn read(&mut self, resource: &FluentResource) {
        for entry in resource.entries() {
            if let Entry::Message(message) = entry {
                let mut found = Found::default();
                message.value.iter().for_each(|pattern| found.pattern(pattern));
                self.0.insert(message.id.name.to_owned(), found);
            }
        }
    }

    /// The arguments of every message, with those of the messages that it refers to.
    pub(super) fn arguments(&self) -> BTreeMap<String, Arguments> {
        self.0.keys().map(|id| (id.clone(), self.arguments_of(id))).collect()
    }

    fn arguments_of(&self, id: &str) -> Arguments {
        let (mut all, mut seen, mut waiting) = (Arguments::new(), BTreeSet::new(), vec![id]);
        while let Some(id) = waiting.pop() {
            if let Some(found) = self.0.get(id).filter(|_| seen.insert(id)) {
                all.extend(found.variables.iter().cloned());
                waiting.extend(found.messages.iter().map(String::as_str));
            }
        }
        all
    }
}

impl Found {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.messages.insert(id.name.to_owned());
            }
            InlineExpression::FunctionReference { arguments, .. } => self.call(arguments),
            InlineExpression::TermReference { arguments, .. } => {
                arguments.iter().for_each(|arguments| self.call(arguments));
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn call(&mut self, arguments: &CallArguments<&str>) {
        arguments.positional.iter().for_each(|argument| self.inline(argument));
        arguments.named.iter().for_each(|argument| self.inline(&argument.value));
    }
}
