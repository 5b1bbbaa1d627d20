//! Two nodes on one PostgreSQL and one Redis are one issuer.

use crate::shop::{PASSWORD, SHOP, SOON, Shop, Tokens, expect_error, resources, start, start_beside};
use signet_tests::{
    Browser, Expected, ServerProcess, Services, Settings, eventually, header_unchecked, let_keys_be_seen,
};

pub async fn two(settings: Settings) -> (ServerProcess, ServerProcess, Shop, Shop) {
    let services = Services::from_environment();
    let first = start(settings.with_postgres(&services).await.with_redis(&services).await).await;
    let second = start_beside(&first).await;
    let (a, b) = (Shop::at(&first).await, Shop::at(&second).await);
    (first, second, a, b)
}

/// The same person's browser, now before the other node.
pub fn moved(browser: &Browser, to: &Shop) -> Browser {
    let there = to.browser();
    for name in browser.cookie_names() {
        there.set_cookie(&name, &browser.cookie(&name).unwrap());
    }
    there
}

#[tokio::test]
async fn a_sign_in_on_one_node_is_one_on_the_other() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let browser = a.signed_in().await;
    let code = a.code(&browser).await;
    let tokens = Tokens::of(&b.redeem(&code).send().await.expect_status(200));
    let claims = Expected {
        issuer: a.discovery.issuer(),
        audience: "https://api.example.test",
        typ: Some("at+jwt"),
        at: None,
    };
    assert_eq!(a.jwks().await.verify(&tokens.access, &claims).unwrap()["client_id"], SHOP.0);
    // The session, too: no second sign-in.
    b.tokens(&moved(&browser, &b)).await;
    // A code that the other node redeemed is used.
    expect_error(&a.redeem(&code).send().await, 400, "invalid_grant");
}

#[tokio::test]
async fn a_form_made_by_one_node_is_read_by_the_other() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let browser = a.browser();
    let page = browser.get(a.discovery.authorization(SHOP.0, crate::shop::CALLBACK).url()).await;
    let sealed = page.form("#login").value("request").unwrap().to_owned();
    let there = moved(&browser, &b);
    let page = there.get(b.discovery.authorization(SHOP.0, crate::shop::CALLBACK).url()).await;
    let form = page.form("#login").tamper("request", &sealed).fill("username", "alice");
    form.fill("password", PASSWORD).press("#login-submit").await.callback().code();
}

#[tokio::test]
async fn refreshes_alternate_between_nodes() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let mut tokens = a.tokens(&a.signed_in().await).await;
    let first = tokens.clone();
    for shop in [&b, &a, &b, &a] {
        tokens = Tokens::of(&shop.refresh(&tokens.refresh).send().await.expect_status(200));
        assert!(a.is_active(&tokens.access).await && b.is_active(&tokens.access).await);
    }
    // An old generation, wherever it comes, ends the grant everywhere.
    expect_error(&b.refresh(&first.refresh).send().await, 400, "invalid_grant");
    expect_error(&a.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
    eventually(SOON, async || !a.is_active(&tokens.access).await).await;
}

#[tokio::test]
async fn one_refresh_token_on_both_nodes_at_once_has_one_successor() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let tokens = a.tokens(&a.signed_in().await).await;
    let calls = (0..10).map(|turn| if turn % 2 == 0 { &a } else { &b }.refresh(&tokens.refresh).send());
    let answers = futures_util::future::join_all(calls).await;
    let successors: Vec<_> =
        answers.into_iter().map(|answer| Tokens::of(&answer.expect_status(200)).refresh).collect();
    assert!(successors.windows(2).all(|pair| pair[0] == pair[1]), "{successors:?}");
    b.refresh(&successors[0]).send().await.expect_status(200);
}

#[tokio::test]
async fn one_code_on_both_nodes_at_once_is_redeemed_once() {
    let (_first, _second, a, b) = two(Settings::new()).await;
    let code = a.code(&a.signed_in().await).await;
    let calls = (0..10).map(|turn| if turn % 2 == 0 { &a } else { &b }.redeem(&code).send());
    let answers = futures_util::future::join_all(calls).await;
    let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(good.len(), 1);
    bad.iter().for_each(|answer| expect_error(answer, 400, "invalid_grant"));
    let tokens = Tokens::of(&good[0]);
    expect_error(&a.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
    eventually(SOON, async || !a.is_active(&tokens.access).await && !b.is_active(&tokens.access).await).await;
}

#[tokio::test]
async fn limits_hold_across_two_nodes_with_one_redis() {
    let (_first, _second, a, b) = two(Settings::new().with("limits.sign_in_account.number", 3)).await;
    for shop in [&a, &b, &a] {
        let page = shop.try_sign_in(&shop.browser(), "alice", "wrong").await;
        assert_eq!((page.status(), page.has("#login")), (400, true));
    }
    for shop in [&a, &b] {
        let page = shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await;
        assert_eq!(page.status(), 429, "{}", page.html());
        assert!(page.answer().header("retry-after").is_some());
    }
    // Client authentication, too: a node that has not seen the failures learns of them with the next one.
    let token = async |shop: &Shop, secret: &str| {
        let form = [("grant_type", "client_credentials")];
        shop.http.post(shop.discovery.token_endpoint()).basic(SHOP.0, secret).form(&form).send().await.status
    };
    for turn in 0..20 {
        assert_eq!(token(if turn % 2 == 0 { &a } else { &b }, "a wrong secret").await, 401);
    }
    for shop in [&a, &b] {
        assert_eq!(token(shop, "a wrong secret").await, 429);
        assert_eq!(token(shop, SHOP.1).await, 429);
    }
}

#[tokio::test]
async fn rotated_keys_reach_both_nodes() {
    let (first, _second, a, b) = two(Settings::new()).await;
    let before = a.own_token().await.field("access_token");
    let old = header_unchecked(&before)["kid"].clone();
    let_keys_be_seen(first.settings()).await;
    first.command(&["keys", "rotate", "--alg", "ES256"]).await.expect_success();
    let claims = Expected {
        issuer: a.discovery.issuer(),
        audience: "https://api.example.test",
        typ: Some("at+jwt"),
        at: None,
    };
    for shop in [&a, &b] {
        let after = eventually(SOON, async || {
            let token = shop.own_token().await.field("access_token");
            (header_unchecked(&token)["kid"] != old).then_some(token)
        })
        .await;
        for verifier in [&a, &b] {
            let jwks = eventually(SOON, async || {
                let jwks = verifier.jwks().await;
                jwks.verify(&after, &claims).map(|_| jwks)
            })
            .await;
            jwks.verify(&before, &claims).expect("what the old key signed still counts");
            assert!(verifier.is_active(&before).await);
        }
    }
}

#[tokio::test]
async fn a_changed_client_reaches_both_nodes() {
    let (first, _second, a, b) = two(Settings::new()).await;
    for shop in [&a, &b] {
        shop.own_token().await.expect_status(200);
    }
    let changed = resources().replace(SHOP.1, "another secret of the shop, 36 characters");
    first.apply(&changed).await;
    for shop in [&a, &b] {
        eventually(SOON, async || shop.own_token().await.status == 401).await;
        expect_error(&shop.own_token().await, 401, "invalid_client");
    }
}

#[tokio::test]
async fn a_disabled_person_is_out_on_both_nodes() {
    let (first, _second, a, b) = two(Settings::new()).await;
    let browser = a.signed_in().await;
    let tokens = a.tokens(&browser).await;
    let code = a.code(&browser).await;
    let disabled =
        resources().replace("username = \"alice\"", "username = \"alice\"\n        disabled = true");
    first.apply(&disabled).await;
    for shop in [&a, &b] {
        expect_error(&shop.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
        expect_error(&shop.redeem(&code).send().await, 400, "invalid_grant");
        let page = shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await;
        assert!(page.has("#login"), "{}", page.html());
        eventually(SOON, async || !shop.is_active(&tokens.access).await).await;
        let request = shop.discovery.authorization(SHOP.0, crate::shop::CALLBACK);
        assert!(moved(&browser, shop).get(request.url()).await.has("#login"));
    }
}

#[tokio::test]
async fn a_link_that_one_node_mailed_works_once_on_whichever_node() {
    const NEW: &str = "seven green bicycles under water";
    let (first, _second, a, b) = two(Settings::new()).await;
    let mailbox = first.settings().mailbox();
    let link = async |count| {
        let browser = a.browser();
        let page = browser.get(format!("{}/forgot", a.discovery.issuer())).await;
        page.form("#forgot").fill("username", "alice").press("#forgot-submit").await;
        mailbox.after("alice@example.test", count).await.link()
    };
    let choose = async |shop: &Shop, link: &str, password: &str| {
        let page = shop.browser().get(link).await;
        if !page.has("#reset") {
            return page;
        }
        page.form("#reset").fill("password", password).press("#reset-submit").await
    };
    // Made by one, used on the other.
    let session = a.signed_in().await;
    let mailed = link(0).await;
    assert!(choose(&b, &mailed, NEW).await.has("#password-changed"));
    assert!(choose(&a, &mailed, NEW).await.has("#link-gone"));
    let request = a.discovery.authorization(SHOP.0, crate::shop::CALLBACK);
    assert!(session.get(request.url()).await.has("#login"));
    // On both at once.
    let mailed = link(2).await;
    let passwords: Vec<_> = (0..6).map(|turn| format!("{NEW} {turn}")).collect();
    let tries = passwords.iter().enumerate().map(|(turn, password)| {
        let shop = if turn % 2 == 0 { &a } else { &b };
        choose(shop, &mailed, password)
    });
    let pages = futures_util::future::join_all(tries).await;
    let (changed, gone): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.has("#password-changed"));
    assert_eq!((changed.len(), gone.iter().filter(|page| page.has("#link-gone")).count()), (1, 5));
    let mut right = 0;
    for password in &passwords {
        let page = b.try_sign_in(&b.browser(), "alice", password).await;
        right += u32::from(!page.has("#login"));
    }
    assert_eq!(right, 1);
}
