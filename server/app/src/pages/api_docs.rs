//! The administration API, told to people: made from the description that programs read.

use super::{Page, Words};
use serde::Serialize;
use signet_protocol::explanation::Rule;

/// Every call, every kind of thing and every kind of refusal.
#[derive(Clone, Debug, Serialize)]
pub struct ApiDocs {
    /// The address that all calls begin with.
    pub base: String,
    /// Where the description for programs is.
    pub description_url: String,
    /// The calls, by what they are about.
    pub tags: Vec<ApiTag>,
    /// What is sent and answered.
    pub schemas: Vec<ApiSchema>,
    /// How calls are refused.
    pub problems: Vec<ApiProblem>,
    /// The rules that any request can break.
    pub rules: Vec<ApiRule>,
}

/// Calls about one kind of thing.
#[derive(Clone, Debug, Serialize)]
pub struct ApiTag {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The calls.
    pub operations: Vec<ApiOperation>,
}

/// A call.
#[derive(Clone, Debug, Serialize)]
pub struct ApiOperation {
    /// What names it.
    pub id: String,
    /// The HTTP method.
    pub method: String,
    /// The path after the base.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// The same at length; may be empty.
    pub description: String,
    /// The scope values that it needs.
    pub needs: Vec<String>,
    /// What can be said in its address and its headers.
    pub parameters: Vec<ApiField>,
    /// What it is sent, if anything.
    pub body: Option<ApiKind>,
    /// How it is answered.
    pub answers: Vec<ApiAnswer>,
}

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub struct ApiAnswer {
    /// The HTTP status.
    pub status: String,
    /// What it means.
    pub description: String,
    /// What it holds, if anything.
    pub kind: Option<ApiKind>,
}

/// What kind of value something is.
#[derive(Clone, Debug, Serialize)]
pub struct ApiKind {
    /// In words.
    pub text: String,
    /// The schema that tells more.
    pub schema: Option<String>,
}

/// Something of several members.
#[derive(Clone, Debug, Serialize)]
pub struct ApiSchema {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Its members.
    pub fields: Vec<ApiField>,
}

/// A member, or a parameter.
#[derive(Clone, Debug, Serialize)]
pub struct ApiField {
    /// Its name.
    pub name: String,
    /// Where it goes: `path`, `query` or `header`; empty for a member.
    pub place: String,
    /// Whether it must be there.
    pub required: bool,
    /// What kind of value it is.
    pub kind: ApiKind,
    /// What it means.
    pub description: String,
}

/// A kind of refusal.
#[derive(Clone, Debug, Serialize)]
pub struct ApiProblem {
    /// What names it, here and in `type`.
    pub name: String,
    /// Its HTTP status.
    pub status: u16,
    /// What it is.
    pub title: String,
}

/// A rule that a request can break.
#[derive(Clone, Debug, Serialize)]
pub struct ApiRule {
    /// What names it.
    pub name: &'static str,
    /// What it wants.
    pub about: Words,
    /// Where it is written.
    pub clause: &'static str,
    /// How to mend what broke it.
    pub mend: Words,
}

impl ApiRule {
    /// Every rule.
    pub fn all() -> Vec<Self> {
        let told = |rule: &Rule| Self {
            name: rule.name(),
            about: Words(rule.about()),
            clause: rule.clause(),
            mend: Words(rule.mend()),
        };
        Rule::ALL.iter().map(told).collect()
    }
}

impl Page for ApiDocs {
    const TEMPLATE: &'static str = "api_docs.html";
}
