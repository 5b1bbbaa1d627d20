//! The pages that ask for a factor, and those that set one up.

use super::super::State;
use super::super::answer::retry_after;
use super::super::extract::Viewer;
use super::super::page::{self, Posts};
use super::{account, question};
use crate::pages::{
    ChooseFactor, EnrolPasskey, EnrolTotp, Form, Page, RecoveryCodes, SecondFactor, Trouble, Wait,
};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use signet_protocol::factor::Factor;
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
    let problem = ask.problem.as_ref().map(Trouble::of);
    let page = SecondFactor {
        form,
        other_account,
        client_name,
        account: account(&ask.user).to_owned(),
        code_of: ask.code_of,
        passkey: ask.passkey.map(question),
        others: ask.others,
        remember_days: ask.remember_days,
        problem,
    };
    show(state, viewer, &page, problem)
}

/// Lets the person choose what to set up.
pub(super) fn choose(
    state: &State,
    viewer: &Viewer,
    (user, allowed): (&User, Vec<Factor>),
    (form, other_account): (Form, Form),
) -> HttpResponse {
    let page = ChooseFactor { form, other_account, account: account(user).to_owned(), allowed };
    page::show(state, viewer, &page, Posts::ToClient)
}

/// Sets an authenticator app up.
pub(super) fn totp(state: &State, viewer: &Viewer, totp: TotpPage, form: Form) -> HttpResponse {
    let problem = totp.problem.as_ref().map(Trouble::of);
    let page = EnrolTotp {
        form: form.with("state", totp.state),
        secret: totp.base32.expose().clone(),
        uri: totp.uri.expose().clone(),
        qr: totp.qr.expose().clone(),
        problem,
    };
    show(state, viewer, &page, problem)
}

/// Has a passkey made.
pub(super) fn passkey(
    state: &State,
    viewer: &Viewer,
    (ask, problem): (PasskeyAsk, Option<FactorProblem>),
    form: Form,
) -> HttpResponse {
    let problem = problem.as_ref().map(Trouble::of);
    show(state, viewer, &EnrolPasskey { form, passkey: question(ask), problem }, problem)
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
fn show<P: Page>(state: &State, viewer: &Viewer, page: &P, problem: Option<Trouble>) -> HttpResponse {
    match problem {
        None => page::show(state, viewer, page, Posts::ToClient),
        Some(Trouble::Limited { wait: Wait(seconds) }) => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            let mut response = page::show_with(state, viewer, page, Posts::ToClient, status);
            retry_after(&mut response, seconds);
            response
        }
        Some(_) => page::show_with(state, viewer, page, Posts::ToClient, StatusCode::BAD_REQUEST),
    }
}
