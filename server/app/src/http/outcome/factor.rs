//! The pages that ask for a factor, and those that set one up.

use super::super::State;
use super::super::answer::{rate_limit, retry_after};
use super::super::extract::Viewer;
use super::super::page::{self, Posts};
use super::{account, question};
use crate::pages::{ChooseFactor, EnrolPasskey, EnrolTotp, Form, Page, RecoveryCodes, SecondFactor, Trouble};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use signet_protocol::factor::Factor;
use signet_protocol::rate_limit::Limited;
use signet_protocol::secret::Secret;
use signet_protocol::user::User;
use signet_service::authorize::{FactorPage, PasskeyAsk, TotpPage};
use signet_service::factors::FactorProblem;

/// Asks for another factor.
pub(super) fn second_factor(
    state: &State,
    viewer: &Viewer,
    ask: FactorPage,
    (form, other_account, client_name): (Form, Form, Option<String>),
) -> HttpResponse {
    let page = SecondFactor {
        form,
        other_account,
        client_name,
        account: account(&ask.user).to_owned(),
        code_of: ask.code_of,
        passkey: ask.passkey.map(question),
        others: ask.others,
        remember_days: ask.remember_days,
        problem: ask.problem.as_ref().map(Trouble::of),
    };
    show(state, viewer, &page, ask.problem.as_ref())
}

/// Lets the person choose what to set up.
pub(super) fn choose(
    state: &State,
    viewer: &Viewer,
    (user, allowed, limited): (&User, Vec<Factor>, Option<Limited>),
    (form, other_account, back_url): (Form, Form, Option<String>),
) -> HttpResponse {
    let problem = limited.map(FactorProblem::Limited);
    let told = problem.as_ref().map(Trouble::of);
    let account = account(user).to_owned();
    let page = ChooseFactor { form, other_account, account, allowed, problem: told, back_url };
    show(state, viewer, &page, problem.as_ref())
}

/// Sets an authenticator app up.
pub(super) fn totp(
    state: &State,
    viewer: &Viewer,
    totp: TotpPage,
    (form, back_url): (Form, Option<String>),
) -> HttpResponse {
    let page = EnrolTotp {
        form: form.with("state", totp.state),
        secret: totp.base32.expose().clone(),
        uri: totp.uri.expose().clone(),
        qr: totp.qr.expose().clone(),
        replaces: totp.replaces,
        back_url,
        problem: totp.problem.as_ref().map(Trouble::of),
    };
    show(state, viewer, &page, totp.problem.as_ref())
}

/// Has a passkey made.
pub(super) fn passkey(
    state: &State,
    viewer: &Viewer,
    (ask, problem): (PasskeyAsk, Option<FactorProblem>),
    (form, back_url): (Form, Option<String>),
) -> HttpResponse {
    let told = problem.as_ref().map(Trouble::of);
    let page = EnrolPasskey { form, passkey: question(ask), problem: told, back_url };
    show(state, viewer, &page, problem.as_ref())
}

/// Shows recovery codes.
pub(super) fn recovery_codes(
    state: &State,
    viewer: &Viewer,
    codes: &[Secret<String>],
    form: Form,
) -> HttpResponse {
    let codes = codes.iter().map(|code| code.expose().clone()).collect();
    page::show(state, viewer, &RecoveryCodes { form, codes }, Posts::ToClient)
}

/// A page, with the status and the wait that go with what was wrong.
fn show<P: Page>(state: &State, viewer: &Viewer, page: &P, problem: Option<&FactorProblem>) -> HttpResponse {
    let status = match problem {
        None => StatusCode::OK,
        Some(FactorProblem::Limited(_)) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::BAD_REQUEST,
    };
    let mut response = page::show_with(state, viewer, page, Posts::ToClient, status);
    if let Some(FactorProblem::Limited(limited)) = problem {
        retry_after(&mut response, limited.retry_after);
        rate_limit(&mut response, &limited.limit);
    }
    response
}
