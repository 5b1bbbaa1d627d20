//! The second step, and setting a factor up.

use super::*;
use signet_protocol::factor::Factor;

pub(super) fn passkey() -> PasskeyQuestion {
    PasskeyQuestion { options: "{}".to_owned(), state: "c2VhbGVk".to_owned() }
}

pub(super) fn all() -> Vec<Sample> {
    let full = SecondFactor {
        form: form(),
        other_account: form(),
        client_name: Some(shop()),
        account: "alice@example.test".to_owned(),
        code_of: Some(Factor::Totp),
        passkey: Some(passkey()),
        others: vec![Factor::RecoveryCode, Factor::EmailCode],
        remember_days: 30,
        problem: None,
    };
    let lone = SecondFactor { passkey: None, others: vec![Factor::Totp], remember_days: 0, ..full.clone() };
    let code_of = |factor| SecondFactor { code_of: Some(factor), ..lone.clone() };
    let problem = |problem| SecondFactor { problem: Some(problem), ..lone.clone() };
    let totp = EnrolTotp {
        form: form(),
        secret: "ABCD EFGH IJKL MNOP".to_owned(),
        uri: "otpauth://totp/Signet:alice?secret=ABCDEFGHIJKLMNOP".to_owned(),
        qr: "<svg></svg>".to_owned(),
        replaces: false,
        problem: None,
        back_url: None,
    };
    let made = EnrolPasskey { form: form(), passkey: passkey(), problem: None, back_url: None };
    let back = || Some("/sample".to_owned());
    let choose = ChooseFactor {
        form: form(),
        other_account: form(),
        account: "alice".to_owned(),
        allowed: vec![Factor::Passkey, Factor::Totp],
        problem: None,
        back_url: None,
    };
    let too_often = Some(Trouble::Limited { wait: Wait(90) });
    vec![
        sample("second-factor", &full),
        sample("second-factor-app", &lone),
        sample("second-factor-recovery-code", &code_of(Factor::RecoveryCode)),
        sample("second-factor-email-code", &code_of(Factor::EmailCode)),
        sample("second-factor-none-chosen", &SecondFactor { code_of: None, ..lone.clone() }),
        sample("second-factor-wrong", &problem(Trouble::Wrong)),
        sample("second-factor-used", &problem(Trouble::Used)),
        sample("second-factor-expired", &problem(Trouble::Expired)),
        sample("second-factor-cloned", &problem(Trouble::Cloned)),
        sample("second-factor-limited", &problem(Trouble::Limited { wait: Wait(90) })),
        sample("choose-factor", &choose),
        sample(
            "choose-factor-later",
            &ChooseFactor { problem: too_often, back_url: back(), ..choose.clone() },
        ),
        sample("enrol-totp", &totp),
        sample("enrol-totp-wrong", &EnrolTotp { problem: Some(Trouble::Wrong), ..totp.clone() }),
        sample("enrol-totp-again", &EnrolTotp { replaces: true, back_url: back(), ..totp.clone() }),
        sample("enrol-passkey", &made),
        sample("enrol-passkey-from-account", &EnrolPasskey { back_url: back(), ..made.clone() }),
        sample("enrol-passkey-expired", &EnrolPasskey { problem: Some(Trouble::Expired), ..made.clone() }),
        sample("recovery-codes", &RecoveryCodes { form: form(), codes: vec!["abcde-fghij".to_owned()] }),
    ]
}
