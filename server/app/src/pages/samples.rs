//! One context for each page and each of its variants: what a template is tried with before anyone sees it.

mod factors;
mod links;

use super::*;
use chrono::TimeDelta;
use signet_protocol::environment::Moment;
use signet_protocol::explanation::Rule;
use signet_protocol::scope::Scope;

/// A page with invented values.
pub(super) struct Sample {
    /// Names the variant.
    pub(super) name: &'static str,
    pub(super) template: &'static str,
    pub(super) context: Value,
}

pub(super) fn sample<P: Page>(name: &'static str, page: &P) -> Sample {
    Sample { name, template: P::TEMPLATE, context: Value::from(Serde(page)) }
}

/// All of them.
pub(super) fn all() -> Vec<Sample> {
    let (factors, links, account) = (factors::all(), links::all(), account::samples::all());
    let console = console::samples::all();
    let pages = [
        signing_in(),
        tried(),
        factors,
        links,
        consent(),
        leaving(),
        refusals(),
        forms_and_home(),
        account,
        console,
        demo(),
        api_docs(),
    ];
    pages.into_iter().flatten().collect()
}

pub(super) fn form() -> Form {
    Form::to("/sample").with("request", "c2FtcGxl")
}

pub(super) fn shop() -> String {
    "Shop".to_owned()
}

pub(super) fn link(address: &str) -> Option<WebLink> {
    WebLink::new(address)
}

/// A moment as it is shown so many minutes later.
pub(super) fn minutes_ago(minutes: i64, zone: Option<&str>) -> When {
    let moment = Moment::UNIX_EPOCH;
    Times::of(zone, moment + TimeDelta::minutes(minutes)).show(moment)
}

fn tried() -> Vec<Sample> {
    let token = |name| TriedToken { name, claims: vec![("sub".to_owned(), "\"alice\"".to_owned())] };
    let well = Tried {
        name: shop(),
        redirect_uri: "https://shop.example.test/cb".to_owned(),
        tokens: Some(TriedTokens {
            scope: "openid".to_owned(),
            withheld: "orders:write".to_owned(),
            expires_in: 300,
            refreshable: true,
            claims: Some(vec![token("access_token"), token("id_token")]),
        }),
        refusal: None,
        again_url: "/sample".to_owned(),
        back_url: "/sample".to_owned(),
    };
    let bare = Tried {
        tokens: well.tokens.clone().map(|tokens| TriedTokens {
            withheld: String::new(),
            refreshable: false,
            claims: None,
            ..tokens
        }),
        ..well.clone()
    };
    let refused = Tried {
        tokens: None,
        refusal: Some(TriedRefusal {
            at: Words("tried-at-token"),
            code: "invalid_grant".to_owned(),
            description: "the authorization code is not valid".to_owned(),
            request_id: "06h1a5sdqm32fnqa3tfaid8kq0".to_owned(),
            about: Words(Rule::CodeExpired.about()),
            mend: Words(Rule::CodeExpired.mend()),
            clause: Rule::CodeExpired.clause(),
        }),
        ..well.clone()
    };
    let elsewhere = Tried {
        refusal: refused
            .refusal
            .clone()
            .map(|refusal| TriedRefusal { at: Words("tried-at-authorization"), ..refusal }),
        ..refused.clone()
    };
    vec![
        sample("tried", &well),
        sample("tried, little", &bare),
        sample("tried, refused", &refused),
        sample("tried, refused at once", &elsewhere),
    ]
}

fn signing_in() -> Vec<Sample> {
    let plain = SignIn {
        form: form(),
        passkey_form: form(),
        passkey: Some(factors::passkey()),
        client_name: Some(shop()),
        why: None,
        problem: None,
        username: String::new(),
        forgot_url: Some("/sample".to_owned()),
        register_url: Some("/sample".to_owned()),
    };
    let why = |why| SignIn { why: Some(why), username: "alice".to_owned(), ..plain.clone() };
    let problem = |problem| SignIn { problem: Some(problem), username: "alice".to_owned(), ..plain.clone() };
    let select = SelectAccount {
        form: form(),
        client_name: shop(),
        name: "Alice Example".to_owned(),
        account: "alice@example.test".to_owned(),
    };
    vec![
        sample("sign-in", &plain),
        sample("sign-in-here", &SignIn { client_name: None, passkey: None, ..plain.clone() }),
        sample("sign-in-alone", &SignIn { forgot_url: None, register_url: None, ..plain.clone() }),
        sample("sign-in-confirm", &why(WhySignIn::Confirm)),
        sample("sign-in-too-long-ago", &why(WhySignIn::TooLongAgo)),
        sample("sign-in-before-change", &why(WhySignIn::BeforeChange)),
        sample("sign-in-other-expected", &why(WhySignIn::OtherAccountExpected)),
        sample("sign-in-other-chosen", &why(WhySignIn::OtherAccountChosen)),
        sample("sign-in-wrong", &problem(SignInProblem::Wrong)),
        sample("sign-in-incomplete", &problem(SignInProblem::Incomplete)),
        sample("sign-in-limited", &problem(SignInProblem::Limited { wait: Wait(300) })),
        sample("sign-in-busy", &problem(SignInProblem::Busy { wait: Wait(5) })),
        sample("sign-in-passkey-refused", &problem(SignInProblem::PasskeyRefused)),
        sample("sign-in-stale", &problem(SignInProblem::Stale)),
        sample("select-account", &select),
    ]
}

fn consent() -> Vec<Sample> {
    let line = |words: Option<(Words, Words)>, value: &str, api: Option<&str>, is_new| ScopeLine {
        title: words.map(|(title, _)| title),
        detail: words.map(|(_, detail)| detail),
        value: value.to_owned(),
        api: api.map(str::to_owned),
        is_new,
    };
    let standard = Scope::parse("openid profile email address phone offline_access").unwrap_or_default();
    let mut scopes = scope_lines(&standard, &standard, &[]);
    scopes.push(line(None, "orders:read", Some("https://api.example.test"), false));
    let full = Consent {
        form: form(),
        client_name: shop(),
        client_host: Some("shop.example.test".to_owned()),
        client_uri: link("https://shop.example.test/"),
        policy_uri: link("https://shop.example.test/privacy"),
        tos_uri: link("https://shop.example.test/terms"),
        scopes,
        account: "alice@example.test".to_owned(),
    };
    let more = Consent {
        client_host: None,
        client_uri: None,
        policy_uri: None,
        tos_uri: None,
        scopes: vec![
            line(Some((Words("scope-openid"), Words("scope-openid-detail"))), "openid", None, false),
            line(Some((Words("scope-phone"), Words("scope-phone-detail"))), "phone", None, true),
            line(None, "orders:write", None, true),
        ],
        ..full.clone()
    };
    vec![sample("consent", &full), sample("consent-more", &more)]
}

fn leaving() -> Vec<Sample> {
    let ask = SignOut { form: form(), user_name: "Alice Example".to_owned(), client_name: Some(shop()) };
    let back = |client_name| SignedOut { continue_to: link("https://shop.example.test/"), client_name };
    vec![
        sample("sign-out", &ask),
        sample("sign-out-here", &SignOut { client_name: None, ..ask.clone() }),
        sample("signed-out", &SignedOut { continue_to: None, client_name: None }),
        sample("signed-out-back", &back(Some(shop()))),
        sample("signed-out-back-unnamed", &back(None)),
    ]
}

fn refusals() -> Vec<Sample> {
    let refusal = |title, code: &'static str, description: &'static str, next| Refusal {
        title: Words(title),
        code: code.into(),
        description: description.into(),
        next,
        request_id: "01JDB2X5K8Q4M7T0W9Z3".to_owned(),
    };
    let mistake = refusal(
        "refusal-invalid-request",
        "invalid_request",
        "The redirect_uri is not registered for this client.",
        TryAgain::TellTheApplication,
    );
    let over = |client_uri| {
        refusal(
            "refusal-stale",
            "invalid_request",
            "The form was made for another browser, or too long ago.",
            TryAgain::StartOver { client_uri },
        )
    };
    let wait = TryAgain::Later { wait: Wait(30) };
    let later = refusal("refusal-unavailable", "temporarily_unavailable", "Try again.", wait.clone());
    let often = refusal("refusal-too-often", "too_many_requests", "This was done too often.", wait);
    let missing =
        refusal("refusal-not-found", "not_found", "Nothing is at this address.", TryAgain::StartPage);
    vec![
        sample("refusal", &mistake),
        sample("refusal-start-over", &over(link("https://shop.example.test/"))),
        sample("refusal-start-over-unknown", &over(None)),
        sample("refusal-later", &later),
        sample("refusal-too-often", &often),
        sample("refusal-missing", &missing),
    ]
}

fn forms_and_home() -> Vec<Sample> {
    let ask = ContinueForm { form: form(), client_name: Some(shop()) };
    let post = FormPost {
        form: Form::to("https://shop.example.test/callback").with("code", "x"),
        client_name: Some(shop()),
    };
    let home = Home {
        issuer: "http://localhost:8080".to_owned(),
        discovery_url: "http://localhost:8080/.well-known/openid-configuration".to_owned(),
        demo_url: link("http://127.0.0.1:8081/"),
        mail_folder: Some("data/mail".to_owned()),
        signed_in_as: Some("Alice Example".to_owned()),
        signed_in_at: Some(minutes_ago(20, None)),
        account_url: Some("/sample".to_owned()),
        console_url: Some("/sample".to_owned()),
        sign_out_url: Some("/sample".to_owned()),
        version: "0.0.0",
    };
    let bare = Home {
        demo_url: None,
        mail_folder: None,
        signed_in_as: None,
        signed_in_at: None,
        account_url: None,
        console_url: None,
        sign_out_url: None,
        ..home.clone()
    };
    let long_ago = minutes_ago(60 * 24 * 90, Some("Europe/Berlin"));
    let signed_in_long_ago = Home { signed_in_at: Some(long_ago), ..home.clone() };
    vec![
        sample("continue", &ask),
        sample("continue-unknown", &ContinueForm { client_name: None, ..ask.clone() }),
        sample("form-post", &post),
        sample("form-post-unnamed", &FormPost { client_name: None, ..post.clone() }),
        sample("home", &home),
        sample("home-bare", &bare),
        sample("home-long-ago", &signed_in_long_ago),
    ]
}

fn demo() -> Vec<Sample> {
    let issuer = || "http://localhost:8080".to_owned();
    let claims =
        |claims: &[(&str, &str)]| claims.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let valid = |alg: &str, kid: &str| Verdict::Valid { alg: alg.to_owned(), kid: kid.to_owned() };
    let home = DemoHome { sign_in: form(), issuer: issuer(), signed_out: false };
    let fresh = DemoSignedIn {
        name: "Alice Example".to_owned(),
        issuer: issuer(),
        id_token_claims: claims(&[
            ("iss", "http://localhost:8080"),
            ("sub", "q7JbX0mT2rWnV5kYc8ZsLw"),
            ("exp", "1763778000"),
        ]),
        id_token_valid: valid("RS256", "tYh3"),
        access_token_claims: claims(&[("client_id", "signet-demo"), ("scope", "openid profile email")]),
        access_token_valid: valid("ES256", "9sQm"),
        userinfo: None,
        refreshed_count: 1,
        problem: None,
        refresh: form(),
        ask_userinfo: form(),
        sign_out: form(),
    };
    let used = DemoSignedIn {
        id_token_valid: Verdict::Invalid { reason: "the signature does not match".to_owned() },
        userinfo: Some(claims(&[("email", "alice@example.test"), ("email_verified", "true")])),
        refreshed_count: 2,
        problem: Some("The refresh was refused: invalid_grant.".to_owned()),
        ..fresh.clone()
    };
    let error = DemoError {
        code: "access_denied".to_owned(),
        description: "You did not allow it.".to_owned(),
        sign_in: form(),
        issuer: issuer(),
    };
    vec![
        sample("demo-home", &home),
        sample("demo-home-signed-out", &DemoHome { signed_out: true, ..home.clone() }),
        sample("demo-signed-in", &fresh),
        sample("demo-signed-in-used", &used),
        sample("demo-error", &error),
    ]
}

fn api_docs() -> Vec<Sample> {
    let kind = || ApiKind { text: "ClientAnswer".to_owned(), schema: Some("ClientAnswer".to_owned()) };
    let plain = || ApiKind { text: "string".to_owned(), schema: None };
    let field = |place: &str| ApiField {
        name: "client_id".to_owned(),
        place: place.to_owned(),
        required: true,
        kind: plain(),
        description: "The client's identifier.".to_owned(),
    };
    let operation = ApiOperation {
        id: "changeClient".to_owned(),
        method: "PATCH".to_owned(),
        path: "/clients/{client_id}".to_owned(),
        summary: "Change a client".to_owned(),
        description: "A JSON merge patch.".to_owned(),
        needs: vec!["signet:clients:write".to_owned()],
        parameters: vec![field("path")],
        body: Some(plain()),
        answers: vec![ApiAnswer {
            status: "200".to_owned(),
            description: "How it is now.".to_owned(),
            kind: Some(kind()),
        }],
    };
    let tag = ApiTag {
        name: "clients".to_owned(),
        description: "Who may ask for tokens.".to_owned(),
        operations: vec![operation],
    };
    let schema = ApiSchema {
        name: "ClientAnswer".to_owned(),
        description: "A registered client.".to_owned(),
        fields: vec![field("")],
    };
    let problem =
        ApiProblem { name: "invalid".to_owned(), status: 400, title: "The request does not fit".to_owned() };
    let docs = ApiDocs {
        base: "http://localhost:8080/api/v1/admin".to_owned(),
        description_url: "http://localhost:8080/api/v1/admin/openapi.json".to_owned(),
        tags: vec![tag],
        schemas: vec![schema],
        rules: ApiRule::all(),
        problems: vec![problem],
    };
    vec![sample("api-docs", &docs)]
}
