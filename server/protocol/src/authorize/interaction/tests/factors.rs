//! Second factors and step-up.

use super::*;

const TOTP: Enrolled = Enrolled { totp: true, passkey: false, recovery_codes: 10, email: false };
const PASSKEY: Enrolled = Enrolled { totp: false, passkey: true, recovery_codes: 0, email: false };

fn ask(accepted: &[Factor]) -> Next {
    Next::SecondFactor { accepted: accepted.to_vec() }
}

fn enrol(allowed: &[Factor]) -> Next {
    Next::Enrol { allowed: allowed.to_vec() }
}

/// The password was right a moment ago, and nobody is signed in.
fn half(case: &mut Case) {
    case.session = None;
    case.partial = Some(PartialSignIn { user_id: "alice".into(), tx: "tx".into(), at: now() - seconds(5) });
}

fn stepped(case: &mut Case, step: SecondStep, acr: Acr) {
    let session = case.session.as_mut().unwrap();
    session.second_step = Some(step);
    session.authentication.acr = acr;
}

#[test]
fn a_password_alone_reaches_nothing_where_a_factor_is_owed() {
    let enrolled = |case: &mut Case| {
        half(case);
        case.enrolled = TOTP;
    };
    assert_eq!(case(enrolled), ask(&[Factor::Totp, Factor::RecoveryCode]));
    let approved = |case: &mut Case| {
        enrolled(case);
        (case.approved, case.account_confirmed) = (true, true);
    };
    assert_eq!(case(approved), ask(&[Factor::Totp, Factor::RecoveryCode]));
    let account = |case: &mut Case| {
        enrolled(case);
        case.account = Some(false);
    };
    assert_eq!(case(account), ask(&[Factor::Totp, Factor::RecoveryCode]));
}

#[test]
fn whoever_must_have_a_factor_and_has_none_sets_one_up_first() {
    let required = |case: &mut Case| {
        half(case);
        case.demand = Demand::Always;
    };
    assert_eq!(case(required), enrol(&[Factor::Passkey, Factor::Totp]));
    let by_mail = |case: &mut Case| {
        required(case);
        case.enrolled.email = true;
    };
    assert_eq!(case(by_mail), ask(&[Factor::EmailCode]));
}

#[test]
fn policy_holds_for_sessions_that_began_before_it() {
    let required = |case: &mut Case| case.demand = Demand::Always;
    assert_eq!(case(required), enrol(&[Factor::Passkey, Factor::Totp]));
    let enrolled_since = |case: &mut Case| case.enrolled = TOTP;
    assert_eq!(case(enrolled_since), ask(&[Factor::Totp, Factor::RecoveryCode]));
    let account = |case: &mut Case| {
        required(case);
        case.account = Some(false);
    };
    assert_eq!(case(account), enrol(&[Factor::Passkey, Factor::Totp]));
    let off = |case: &mut Case| (case.demand, case.enrolled) = (Demand::Nothing, TOTP);
    assert_eq!(case(off), Next::Proceed);
}

#[test]
fn no_factor_is_set_up_long_after_the_sign_in() {
    let long_ago = |case: &mut Case| {
        case.demand = Demand::Always;
        case.session.as_mut().unwrap().authentication.auth_time = now() - seconds(601);
    };
    assert_eq!(case(long_ago), sign_in_for(SignInReason::BeforeChange));
}

#[test]
fn a_remembered_device_satisfies_policy_and_no_acr() {
    let remembered = |case: &mut Case| {
        (case.demand, case.enrolled) = (Demand::Always, TOTP);
        stepped(case, SecondStep::Remembered, Acr::Aal1);
    };
    assert_eq!(case(remembered), Next::Proceed);
    let stronger = |case: &mut Case| {
        remembered(case);
        case.request.acr_values = vec!["aal2".to_owned()];
    };
    assert_eq!(case(stronger), ask(&[Factor::Totp, Factor::RecoveryCode]));
}

/// RFC 9470 §5: the session is raised to what the resource server asked for.
#[test]
fn acr_values_raise_an_existing_session() {
    let wants = |values: &[&str], enrolled| {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        case(move |case| {
            case.request.acr_values = values;
            case.enrolled = enrolled;
            stepped(case, SecondStep::Remembered, Acr::Aal1);
        })
    };
    assert_eq!(wants(&["aal1"], TOTP), Next::Proceed);
    assert_eq!(wants(&["aal2"], TOTP), ask(&[Factor::Totp, Factor::RecoveryCode]));
    assert_eq!(wants(&["aal2"], PASSKEY), ask(&[Factor::Passkey]));
    assert_eq!(wants(&["phr", "aal1"], TOTP), Next::Proceed, "the client is content with either");
    assert_eq!(wants(&["aal2"], Enrolled::default()), enrol(&[Factor::Passkey, Factor::Totp]));
    assert_eq!(wants(&["urn:other", "phr"], PASSKEY), ask(&[Factor::Passkey]));
}

#[test]
fn a_better_factor_is_set_up_only_after_the_one_there_is() {
    let phishing_resistant = |case: &mut Case| {
        case.request.acr_values = vec!["phr".to_owned()];
        case.enrolled = TOTP;
    };
    assert_eq!(case(phishing_resistant), ask(&[Factor::Totp, Factor::RecoveryCode]));
    let proved = |case: &mut Case| {
        phishing_resistant(case);
        stepped(case, SecondStep::Factor(Factor::Totp), Acr::Aal2);
    };
    assert_eq!(case(proved), enrol(&[Factor::Passkey]));
}

/// OpenID Connect Core Unmet Authentication Requirements 1.0 §2.
#[test]
fn what_cannot_be_met_is_refused() {
    let unknown = |case: &mut Case| case.request.acr_values = vec!["urn:other".to_owned()];
    assert_eq!(error(case(unknown)), AuthorizeError::UnmetAuthenticationRequirements);
    let switched_off = |case: &mut Case| {
        case.request.acr_values = vec!["aal2".to_owned()];
        case.demand = Demand::Nothing;
    };
    assert_eq!(error(case(switched_off)), AuthorizeError::UnmetAuthenticationRequirements);
}

#[test]
fn prompt_none_asks_for_no_factor() {
    let silent = |case: &mut Case| {
        case.request.prompt = vec![Prompt::None];
        case.enrolled = TOTP;
    };
    assert_eq!(error(case(silent)), AuthorizeError::InteractionRequired);
    let required = |case: &mut Case| {
        case.request.prompt = vec![Prompt::None];
        case.demand = Demand::Always;
    };
    assert_eq!(error(case(required)), AuthorizeError::InteractionRequired);
}

#[test]
fn a_half_sign_in_counts_in_its_own_tab_or_where_nobody_is_signed_in() {
    let half = PartialSignIn { user_id: "alice".into(), tx: "tx".into(), at: now() };
    assert!(half.counts(&"tx".into(), true) && half.counts(&"other".into(), false));
    assert!(!half.counts(&"other".into(), true));
}

#[test]
fn the_account_is_changed_only_after_a_fresh_sign_in() {
    let account = |fresh, age| {
        case(|case| {
            case.account = Some(fresh);
            case.session.as_mut().unwrap().authentication.auth_time = now() - seconds(age);
        })
    };
    assert_eq!(account(false, 100_000), Next::Proceed);
    assert_eq!(account(true, 600), Next::Proceed);
    assert_eq!(account(true, 601), sign_in_for(SignInReason::BeforeChange));
}

/// Asking for more must not let anyone skip the step that there is.
#[test]
fn asking_for_a_level_skips_no_code_by_mail() {
    let by_mail = |case: &mut Case| {
        half(case);
        case.demand = Demand::Always;
        case.enrolled.email = true;
        case.request.acr_values = vec!["aal2".to_owned()];
    };
    assert_eq!(case(by_mail), ask(&[Factor::EmailCode]));
    let proved = |case: &mut Case| {
        case.demand = Demand::Always;
        case.enrolled.email = true;
        case.request.acr_values = vec!["aal2".to_owned()];
        stepped(case, SecondStep::Factor(Factor::EmailCode), Acr::Aal1);
    };
    assert_eq!(case(proved), enrol(&[Factor::Passkey, Factor::Totp]));
}

#[test]
fn a_mailbox_is_no_way_round_a_factor_that_was_set_up() {
    let both = Enrolled { email: true, ..TOTP };
    assert_eq!(both.usable(), [Factor::Totp, Factor::RecoveryCode]);
    let mailed_before = |case: &mut Case| {
        case.enrolled = both;
        stepped(case, SecondStep::Factor(Factor::EmailCode), Acr::Aal1);
    };
    assert_eq!(case(mailed_before), ask(&[Factor::Totp, Factor::RecoveryCode]));
}

#[test]
fn a_remembered_browser_opens_nothing_that_protects_the_account() {
    let account = |fresh| {
        case(move |case| {
            case.account = Some(fresh);
            case.enrolled = TOTP;
            stepped(case, SecondStep::Remembered, Acr::Aal1);
        })
    };
    assert_eq!(account(false), Next::Proceed);
    assert_eq!(account(true), ask(&[Factor::Totp, Factor::RecoveryCode]));
    let goal = Goal::Account { fresh: true };
    assert_eq!(goal.demand(Demand::Nothing), Demand::IfEnrolled, "whatever policy says");
    assert_eq!(Goal::Account { fresh: false }.demand(Demand::Nothing), Demand::Nothing);
}

/// As a token of such a sign-in is refused by the administration API.
#[test]
fn the_console_wants_a_factor_proved_where_there_must_be_one() {
    let console = |demand, step: Option<(SecondStep, Acr)>| {
        case(move |case| {
            (case.account, case.console) = (Some(false), true);
            (case.demand, case.enrolled) = (demand, TOTP);
            step.into_iter().for_each(|(step, acr)| stepped(case, step, acr));
        })
    };
    let asked = ask(&[Factor::Totp, Factor::RecoveryCode]);
    let remembered = Some((SecondStep::Remembered, Acr::Aal1));
    assert_eq!(console(Demand::Always, remembered), asked);
    assert_eq!(console(Demand::Always, None), asked);
    assert_eq!(console(Demand::Always, Some((SecondStep::Factor(Factor::Totp), Acr::Aal2))), Next::Proceed);
    assert_eq!(console(Demand::IfEnrolled, remembered), Next::Proceed);
    let mailed = case(|case| {
        (case.account, case.console, case.demand) = (Some(false), true, Demand::Always);
        stepped(case, SecondStep::Factor(Factor::EmailCode), Acr::Aal1);
    });
    assert_eq!(mailed, enrol(&[Factor::Passkey, Factor::Totp]));
    let goal = Goal::Console { fresh: false };
    assert!(!may_be_remembered(goal, Demand::Always) && may_be_remembered(goal, Demand::IfEnrolled));
}

#[test]
fn half_a_sign_in_of_another_tab_answers_no_prompt() {
    let prompts = |prompt, tx: &'static str| {
        case(move |case| {
            half(case);
            case.enrolled = TOTP;
            case.request.prompt = vec![prompt];
            case.partial.as_mut().unwrap().tx = tx.into();
        })
    };
    let nobody = sign_in_for(SignInReason::NoSession);
    assert_eq!(prompts(Prompt::Login, "other"), nobody);
    assert_eq!(prompts(Prompt::SelectAccount, "other"), nobody);
    assert_eq!(prompts(Prompt::Login, "tx"), ask(&[Factor::Totp, Factor::RecoveryCode]));
    assert_eq!(error(prompts(Prompt::None, "tx")), AuthorizeError::LoginRequired);
}
