//! Shows what an interaction came to: the next page, the answer to the client, or a refusal.

mod factor;
mod tried;

use super::answer::{rate_limit, retry_after};
use super::extract::Viewer;
use super::page::{self, Posts};
use super::refused::{Refused, note};
use super::{State, routes};
use crate::pages::{
    Consent, Form, FormPost, PasskeyQuestion, SelectAccount, SignIn, SignInProblem, TryAgain, Wait, WebLink,
    WhySignIn, scope_lines,
};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use signet_protocol::authorize::interaction::SignInReason;
use signet_protocol::authorize::request::ResponseMode;
use signet_protocol::authorize::response::AuthorizeResponse;
use signet_protocol::client::Client;
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;
use signet_protocol::rate_limit::Limited;
use signet_protocol::scope::Scope;
use signet_protocol::user::User;
use signet_service::authorize::{Outcome, Page, PageKind, PasskeyAsk, Step};
use signet_service::links::paths;

/// When to try again while passwords are checked as fast as they can be, in seconds.
const BUSY: u32 = 5;

/// What brought the browser here: it tells what a person can do about a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// An authorization request.
    Request,
    /// The sign-in form, and whether both its fields were filled in.
    SignIn {
        /// Whether user name and password were there.
        complete: bool,
    },
    /// Another page of ours.
    Form,
}

/// The answer to the browser, with the cookies that go with it.
pub fn show(state: &State, viewer: &Viewer, outcome: Outcome, arrival: Arrival) -> HttpResponse {
    let mut response = match outcome.step {
        Step::Page(page) => show_page(state, viewer, *page, arrival),
        Step::Account(path) => page::redirect(state, viewer, &state.path(&path)),
        Step::Answer(answer) => answer_client(state, viewer, &answer),
        Step::Tried(tried) => tried::show(state, viewer, *tried),
        Step::Refusal(refusal) => {
            let next = match arrival {
                Arrival::Request => TryAgain::TellTheApplication,
                Arrival::SignIn { .. } | Arrival::Form => TryAgain::StartOver { client_uri: None },
            };
            page::refuse(state, viewer, &refusal, next)
        }
    };
    state.cookie_names().set(&mut response, &outcome.cookies);
    response
}

/// A form came without the button that says what was chosen.
pub fn no_choice(state: &State, viewer: &Viewer) -> HttpResponse {
    let refusal = AuthorizeRefusal::new(
        AuthorizeError::InvalidRequest,
        Rule::FormIncomplete,
        "the form does not say what was chosen",
    );
    page::refuse(state, viewer, &refusal, TryAgain::StartOver { client_uri: None })
}

fn show_page(state: &State, viewer: &Viewer, page: Page, arrival: Arrival) -> HttpResponse {
    let client = page.client.as_ref().map(|client| &client.client);
    let client_name = client.map(|client| client.client_name.clone());
    let form = |path| Form::to(state.path(path)).with("request", page.request.clone());
    let back_url = page.back.as_deref().map(|path| state.path(path));
    match page.kind {
        PageKind::SignIn { reason, username, problem, passkey } => {
            let (shown, status, wait) =
                problem.map_or((None, StatusCode::OK, None), |problem| told(problem, arrival));
            let links = &state.service.links;
            let sign_in = SignIn {
                form: form(routes::SIGN_IN),
                passkey_form: form(routes::PASSKEY),
                passkey: passkey.map(question),
                client_name,
                why: why(reason),
                problem: shown,
                username,
                forgot_url: links.offers_reset().then(|| state.path(paths::FORGOT)),
                register_url: links.offers_registration().then(|| state.path(paths::REGISTER)),
            };
            let mut response = page::show_with(state, viewer, &sign_in, Posts::ToClient, status);
            if let Some(wait) = wait {
                retry_after(&mut response, wait);
            }
            if let Some(signet_service::authorize::SignInProblem::Limited(reached)) = problem {
                rate_limit(&mut response, &reached.limit);
            }
            response
        }
        PageKind::SelectAccount { user } => {
            let select = SelectAccount {
                form: form(routes::SELECT_ACCOUNT),
                client_name: client_name.unwrap_or_default(),
                name: display_name(&user).to_owned(),
                account: account(&user).to_owned(),
            };
            page::show(state, viewer, &select, Posts::ToClient)
        }
        PageKind::Consent { user, scope, new } => match (client, page.redirect_uri.as_deref()) {
            (Some(client), Some(redirect_uri)) => {
                let consent =
                    consent(state, form(routes::CONSENT), (client, redirect_uri), (&user, &scope, &new));
                page::show(state, viewer, &consent, Posts::ToClient)
            }
            _ => {
                let refusal = page::server_failed().because("consent was to be asked for nobody");
                page::refuse(state, viewer, &refusal, TryAgain::StartOver { client_uri: None })
            }
        },
        PageKind::SecondFactor(ask) => factor::second_factor(
            state,
            viewer,
            *ask,
            (form(routes::SECOND_FACTOR), form(routes::SELECT_ACCOUNT), client_name),
        ),
        PageKind::ChooseFactor { user, allowed, limited } => factor::choose(
            state,
            viewer,
            (&user, allowed, limited),
            // Whoever has to have one has no way back; whoever came too often has.
            (form(routes::ENROL), form(routes::SELECT_ACCOUNT), back_url.filter(|_| limited.is_some())),
        ),
        PageKind::EnrolTotp(totp) => factor::totp(state, viewer, *totp, (form(routes::ENROL), back_url)),
        PageKind::EnrolPasskey { ask, problem } => {
            factor::passkey(state, viewer, (ask, problem), (form(routes::ENROL), back_url))
        }
        PageKind::RecoveryCodes { codes } => {
            factor::recovery_codes(state, viewer, &codes, form(routes::GO_ON))
        }
    }
}

fn question(ask: PasskeyAsk) -> PasskeyQuestion {
    PasskeyQuestion { options: ask.options, state: ask.state }
}

fn consent(
    state: &State,
    form: Form,
    (client, redirect_uri): (&Client, &str),
    (user, scope, new): (&User, &Scope, &Scope),
) -> Consent {
    let link = |address: &Option<String>| address.as_deref().and_then(WebLink::new);
    Consent {
        form,
        client_name: client.client_name.clone(),
        client_host: host(redirect_uri),
        client_uri: link(&client.client_uri),
        policy_uri: link(&client.policy_uri),
        tos_uri: link(&client.tos_uri),
        scopes: scope_lines(scope, new, &state.service.resources()),
        account: account(user).to_owned(),
    }
}

/// What the page says, the status that goes with it, and when to come again.
fn told(
    problem: signet_service::authorize::SignInProblem,
    arrival: Arrival,
) -> (Option<SignInProblem>, StatusCode, Option<u32>) {
    use signet_service::authorize::SignInProblem as Found;
    match problem {
        Found::WrongCredentials if arrival == (Arrival::SignIn { complete: false }) => {
            (Some(SignInProblem::Incomplete), StatusCode::BAD_REQUEST, None)
        }
        // Browsers offer to keep a password after a form that was answered with success: a wrong one must not be.
        Found::WrongCredentials => (Some(SignInProblem::Wrong), StatusCode::BAD_REQUEST, None),
        Found::Limited(Limited { retry_after, .. }) => {
            let problem = SignInProblem::Limited { wait: Wait(retry_after) };
            (Some(problem), StatusCode::TOO_MANY_REQUESTS, Some(retry_after))
        }
        Found::Busy => {
            let problem = SignInProblem::Busy { wait: Wait(BUSY) };
            (Some(problem), StatusCode::SERVICE_UNAVAILABLE, Some(BUSY))
        }
        Found::PageExpired => (Some(SignInProblem::Stale), StatusCode::OK, None),
        Found::PasskeyRefused => (Some(SignInProblem::PasskeyRefused), StatusCode::BAD_REQUEST, None),
    }
}

const fn why(reason: SignInReason) -> Option<WhySignIn> {
    match reason {
        SignInReason::NoSession => None,
        SignInReason::PromptLogin => Some(WhySignIn::Confirm),
        SignInReason::MaxAge => Some(WhySignIn::TooLongAgo),
        SignInReason::BeforeChange => Some(WhySignIn::BeforeChange),
        SignInReason::OtherUserHinted => Some(WhySignIn::OtherAccountExpected),
        SignInReason::SelectedAnother => Some(WhySignIn::OtherAccountChosen),
    }
}

/// What a person is called.
pub fn display_name(user: &User) -> &str {
    user.profile.name.as_deref().unwrap_or(&user.username)
}

/// What tells a person's account from another.
pub fn account(user: &User) -> &str {
    user.email.as_deref().unwrap_or(&user.username)
}

fn answer_client(state: &State, viewer: &Viewer, answer: &AuthorizeResponse) -> HttpResponse {
    let mut response = match answer.mode() {
        ResponseMode::Query => page::redirect(state, viewer, &answer.redirect_url()),
        ResponseMode::FormPost => {
            let target = &answer.target.redirect_uri;
            let form = Form::to(target);
            let form = answer.parameters.iter().fold(form, |form, (name, value)| form.with(*name, value));
            let client_name = host(target);
            page::show(state, viewer, &FormPost { form, client_name }, Posts::ToClient)
        }
    };
    // That nobody is signed in is an answer like another for whoever asked without showing a page (OpenID Connect Core
    // §3.1.2.6): nothing is to be mended, and nobody's visit is to be kept for it.
    if let Some(refusal) = answer.refusal.as_ref().filter(|refusal| !refusal.error.asks_for_a_page()) {
        note(&mut response, Refused::authorization(refusal), &viewer.origin);
    }
    response
}

/// The host of an address; none for an application's own scheme.
fn host(uri: &str) -> Option<String> {
    let parsed = url::Url::parse(uri).ok()?;
    matches!(parsed.scheme(), "https" | "http").then(|| parsed.host_str().map(str::to_owned))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_protocol::rate_limit::RateLimit;
    use signet_service::authorize::SignInProblem as Found;

    #[test]
    fn the_answer_says_when_to_come_again() {
        let limit = RateLimit { policy: "sign_in_account", quota: 10, window: 900, remaining: 0, reset: 90 };
        let limited = Found::Limited(Limited { retry_after: 90, limit });
        let (_, status, wait) = told(limited, Arrival::SignIn { complete: true });
        assert_eq!((status.as_u16(), wait), (429, Some(90)));
        let (_, status, wait) = told(Found::Busy, Arrival::SignIn { complete: true });
        assert_eq!((status.as_u16(), wait), (503, Some(BUSY)));
    }

    #[test]
    fn an_empty_field_is_told_apart_from_a_wrong_password() {
        let problem = |complete| told(Found::WrongCredentials, Arrival::SignIn { complete }).0;
        assert_eq!(problem(false), Some(SignInProblem::Incomplete));
        assert_eq!(problem(true), Some(SignInProblem::Wrong));
    }

    #[test]
    fn only_web_addresses_have_a_host_to_show() {
        assert_eq!(host("https://shop.example.test/cb").as_deref(), Some("shop.example.test"));
        assert_eq!(host("com.example.app:/cb"), None);
        assert_eq!(host("com.example.app://host/cb"), None);
    }
}
