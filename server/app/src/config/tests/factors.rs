use super::*;
use signet_protocol::factor::FactorPolicy;

#[test]
fn a_policy_goes_by_its_name() {
    let policy = |name: &str| config(&format!("[factors]\npolicy = \"{name}\"")).factors.policy;
    for known in [
        FactorPolicy::Off,
        FactorPolicy::Optional,
        FactorPolicy::Required,
        FactorPolicy::RequiredForAdministrators,
    ] {
        assert_eq!(policy(known.as_str()), known);
    }
    let problem = problem("[factors]\npolicy = \"always\"", &[]);
    assert!(problem.mend.contains("required_for_administrators"), "{problem}");
}

#[test]
fn codes_by_mail_need_a_way_for_mails_to_leave() {
    let mailless = "[mail]\nurl = \"none\"\n[factors]\nemail_code = true";
    assert_eq!(problem(mailless, &[]).key, "factors.email_code");
    assert!(config("[factors]\nemail_code = true").factors.email_code);
    assert_eq!(problem("[factors]\nremember_days = 366", &[]).key, "factors.remember_days");
}
