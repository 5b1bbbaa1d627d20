//! Links by mail: where they are asked for, and what they open.

use super::*;

pub(super) fn all() -> Vec<Sample> {
    let forgot = Forgot { form: form(), username: String::new(), sent: false, minutes: 30, problem: None };
    let register = Register { form: form(), email: String::new(), domains: None, sent: false, problem: None };
    let limited = AskProblem::Limited { wait: Wait(300) };
    let busy = AskProblem::Busy { wait: Wait(5) };
    let domains = Some("example.test, example.com".to_owned());
    let email = "alice@example.test".to_owned();
    let all = ["too-short", "too-long", "breached", "own-words", "guessable"];
    let faults = all.map(|kind| Fault { kind, count: 12 }).to_vec();
    let unfit = ChoiceProblem { faults, ..ChoiceProblem::default() };
    let slow = ChoiceProblem { wait: Some(Wait(5)), ..ChoiceProblem::default() };
    let often = ChoiceProblem { limited: Some(Wait(300)), ..ChoiceProblem::default() };
    let named = |problem| ChoiceProblem { username: Some(problem), ..ChoiceProblem::default() };
    let reset = Reset { form: form(), account: email.clone(), min_length: 12, problem: None };
    let join = Join {
        form: form(),
        address: email.clone(),
        username: String::new(),
        name: "Alice Example".to_owned(),
        min_length: 12,
        problem: None,
    };
    let verify = VerifyEmail { form: form(), address: email.clone(), account: "Alice Example".to_owned() };
    let change = ChangeEmail {
        form: form(),
        approves: false,
        address: "alice@example.com".to_owned(),
        account: "Alice Example".to_owned(),
    };
    vec![
        sample("change-email", &change),
        sample("change-email-approve", &ChangeEmail { approves: true, ..change }),
        sample("email-changed", &LinkResult::email_changed()),
        sample("email-change-waiting", &LinkResult::email_change_waiting()),
        sample("sign-in-first", &LinkResult::sign_in_first()),
        sample("email-change-refused", &LinkResult::email_change_refused()),
        sample("forgot", &forgot),
        sample("forgot-sent", &Forgot { sent: true, ..forgot.clone() }),
        sample("forgot-incomplete", &Forgot { problem: Some(AskProblem::Unfit), ..forgot.clone() }),
        sample("forgot-limited", &Forgot { problem: Some(limited), ..forgot.clone() }),
        sample("forgot-busy", &Forgot { problem: Some(busy), ..forgot.clone() }),
        sample("register", &register),
        sample("register-sent", &Register { sent: true, email, ..register.clone() }),
        sample("register-no-address", &Register { problem: Some(AskProblem::Unfit), ..register.clone() }),
        sample("register-limited", &Register { problem: Some(limited), ..register.clone() }),
        sample("register-busy", &Register { problem: Some(busy), ..register.clone() }),
        sample(
            "register-domains",
            &Register { domains, problem: Some(AskProblem::Unfit), ..register.clone() },
        ),
        sample("reset", &reset),
        sample("reset-unfit", &Reset { problem: Some(unfit.clone()), ..reset.clone() }),
        sample("reset-busy", &Reset { problem: Some(slow), ..reset.clone() }),
        sample("reset-limited", &Reset { problem: Some(often.clone()), ..reset.clone() }),
        sample("join", &join),
        sample("join-limited", &Join { problem: Some(often), ..join.clone() }),
        sample("join-unfit", &Join { problem: Some(unfit), ..join.clone() }),
        sample("join-name", &Join { problem: Some(named(UsernameProblem::Unfit)), ..join.clone() }),
        sample("join-name-taken", &Join { problem: Some(named(UsernameProblem::Taken)), ..join.clone() }),
        sample("verify-email", &verify),
        sample("password-changed", &LinkResult::password_changed()),
        sample(
            "email-verified",
            &LinkResult { account_url: Some("/sample".to_owned()), ..LinkResult::email_verified() },
        ),
        sample("joined", &LinkResult::joined()),
        sample("link-gone", &LinkResult::gone(None)),
        sample("link-gone-again", &LinkResult::gone(Some("/sample".to_owned()))),
    ]
}
