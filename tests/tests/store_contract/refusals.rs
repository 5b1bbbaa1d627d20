//! Why requests were refused.

use crate::fixture::{Fixture, after, now};
use sea_orm::{ConnectionTrait as _, Database};
use signet_protocol::environment::Moment;
use signet_protocol::explanation::{Evidence, KeptRule, Rule};
use signet_store::{Paging, RefusalSort, RefusedRequest};

fn refused(id: &str, client: Option<&str>, at: Moment) -> RefusedRequest {
    RefusedRequest {
        request_id: id.into(),
        at,
        endpoint: "POST /oauth/token".to_owned(),
        status: 400,
        code: "invalid_scope".to_owned(),
        reason: "the scope is malformed".to_owned(),
        rule: Rule::ScopeMalformed.into(),
        address: Some("192.0.2.1".parse().unwrap()),
        evidence: Evidence {
            expected: vec!["openid".to_owned()],
            came: Some("größe".to_owned()),
            client_id: client.map(Into::into),
        },
    }
}

async fn listed(db: &Fixture, client: Option<&str>) -> Vec<String> {
    let paging = Paging { sort: RefusalSort::Id, descending: true, after: None, limit: 10 };
    let page = db.store.refusals().page(client.map(Into::into).as_ref(), paging).await.unwrap();
    page.into_iter().map(|kept| kept.refused.request_id.to_string()).collect()
}

pub async fn a_refusal_comes_back_by_its_request_with_the_number_of_those_like_it(db: &Fixture) {
    let (one, other) = (refused("one", Some("shop"), now()), refused("other", None, now()));
    db.store.refusals().keep(vec![one.clone(), other, one.clone()], vec![]).await.unwrap();
    db.store.refusals().keep(vec![], vec![("one".into(), 3), ("gone".into(), 1)]).await.unwrap();
    let kept = db.store.refusals().find(&"one".into()).await.unwrap().unwrap();
    assert_eq!((kept.refused, kept.alike), (one, 3));
    assert_eq!(db.store.refusals().find(&"gone".into()).await.unwrap(), None);
    assert_eq!(listed(db, None).await, ["other", "one"]);
    assert_eq!(listed(db, Some("shop")).await, ["one"]);
}

/// The lists would hold little else.
pub async fn what_strays_ask_is_explained_and_not_listed(db: &Fixture) {
    let strays = [Rule::PathUnknown, Rule::MethodNotAllowed];
    let stray = |rule: Rule| RefusedRequest { rule: rule.into(), ..refused(rule.name(), None, now()) };
    let kept = strays.into_iter().map(stray).chain([refused("one", None, now())]).collect();
    db.store.refusals().keep(kept, vec![]).await.unwrap();
    assert_eq!(listed(db, None).await, ["one"]);
    for rule in strays {
        assert!(db.store.refusals().find(&rule.name().into()).await.unwrap().is_some());
    }
}

/// While one node after the other is brought up to date, older ones read what newer ones keep.
pub async fn a_rule_of_another_version_hides_no_refusal(db: &Fixture) {
    let (one, other) = (refused("one", Some("shop"), now()), refused("other", None, now()));
    db.store.refusals().keep(vec![one.clone(), other], vec![]).await.unwrap();
    let later = r#"UPDATE refusals SET rule = 'rule-of-tomorrow',
        evidence = '{"expected":["openid"],"came":"größe","client_id":"shop","more":{"a":1}}' WHERE request_id = 'one'"#;
    Database::connect(&db.url).await.unwrap().execute_unprepared(later).await.unwrap();
    assert_eq!(listed(db, None).await, ["other", "one"]);
    let kept = db.store.refusals().find(&"one".into()).await.unwrap().unwrap();
    let rule = KeptRule::Unknown("rule-of-tomorrow".to_owned());
    assert_eq!(kept.refused, RefusedRequest { rule, ..one });
}

pub async fn refusals_go_when_they_are_too_old_or_too_many(db: &Fixture) {
    let all = (0..6).map(|number| refused(&number.to_string(), None, after(number))).collect();
    db.store.refusals().keep(all, vec![]).await.unwrap();
    let drop = async |before, most, limit| db.store.refusals().drop_old(before, most, limit).await.unwrap();
    assert_eq!(drop(now(), 6, 500).await, 0);
    assert_eq!(drop(after(2), 6, 500).await, 2);
    assert_eq!(drop(now(), 2, 1).await, 1);
    assert_eq!(drop(now(), 2, 500).await, 1);
    assert_eq!(listed(db, None).await, ["5", "4"]);
}
