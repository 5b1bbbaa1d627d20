//! A power cut in the middle of refreshes, redemptions and revocations: what was answered holds, what was not answered
//! can be asked again, and nothing happened twice.

use crate::BINARY;
use crate::shop::{Code, SOON, Shop, Tokens, expect_error, start};
use crate::two_nodes::two;
use signet_tests::{Browser, ServerProcess, Services, Settings, eventually};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

const REFRESHING: usize = 6;
const REDEEMING: usize = 4;
const CODES_EACH: usize = 16;
const REVOKED: usize = 16;
/// Answers that the clients get before the power goes.
const ANSWERS: usize = 40;

/// What a client knows of its code.
enum Fate {
    Redeemed(Code, Tokens),
    NoAnswer(Code),
    Untried(Code),
}

/// What a client knows of a grant that it wanted to end.
struct Ending {
    tokens: Tokens,
    confirmed: bool,
}

/// Refreshes again and again until no answer comes; returns the latest refresh token that the client was given.
async fn refresh_on(shop: Shop, mut held: String, answered: UnboundedSender<()>) -> String {
    loop {
        match shop.refresh(&held).try_send().await {
            Ok(answer) => held = Tokens::of(&answer.expect_status(200)).refresh,
            Err(_) => return held,
        }
        let _ = answered.send(());
    }
}

async fn redeem_all(shop: Shop, codes: Vec<Code>, answered: UnboundedSender<()>) -> Vec<Fate> {
    let mut fates = Vec::new();
    let mut dark = false;
    for code in codes {
        if dark {
            fates.push(Fate::Untried(code));
            continue;
        }
        match shop.redeem(&code).try_send().await {
            Ok(answer) => {
                let tokens = Tokens::of(&answer.expect_status(200));
                fates.push(Fate::Redeemed(code, tokens));
                let _ = answered.send(());
            }
            Err(_) => {
                dark = true;
                fates.push(Fate::NoAnswer(code));
            }
        }
    }
    fates
}

async fn revoke_all(shop: Shop, grants: Vec<Tokens>, answered: UnboundedSender<()>) -> Vec<Ending> {
    let mut endings = Vec::new();
    for tokens in grants {
        let confirmed = match shop.revoke(&tokens.refresh).try_send().await {
            Ok(answer) => answer.expect_status(200).status == 200,
            Err(_) => false,
        };
        endings.push(Ending { tokens, confirmed });
        let _ = answered.send(());
    }
    endings
}

/// Everything that was under way when the power went.
struct Aftermath {
    held: Vec<String>,
    fates: Vec<Fate>,
    endings: Vec<Ending>,
}

async fn cut_the_power(server: &mut ServerProcess, shop: &Shop, browser: &Browser) -> Aftermath {
    let (answered, mut answers) = unbounded_channel();
    let (mut refreshing, mut redeeming, mut revoking) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
    let (mut grants, mut codes, mut unwanted) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..REFRESHING {
        grants.push(shop.tokens(browser).await);
    }
    for _ in 0..REVOKED {
        unwanted.push(shop.tokens(browser).await);
    }
    for _ in 0..REDEEMING * CODES_EACH {
        codes.push(shop.code(browser).await);
    }
    for tokens in grants {
        refreshing.spawn(refresh_on(shop.clone(), tokens.refresh, answered.clone()));
    }
    for codes in codes.chunks(CODES_EACH) {
        redeeming.spawn(redeem_all(shop.clone(), codes.to_vec(), answered.clone()));
    }
    revoking.spawn(revoke_all(shop.clone(), unwanted, answered.clone()));
    for _ in 0..ANSWERS {
        answers.recv().await.expect("clients at work");
    }
    server.kill9().await;
    let fates = redeeming.join_all().await.into_iter().flatten().collect();
    let endings = revoking.join_all().await.into_iter().flatten().collect();
    Aftermath { held: refreshing.join_all().await, fates, endings }
}

/// A client that kept its latest token goes on with it, within the window for lost answers.
async fn nobody_is_signed_out(shop: &Shop, held: &[String]) {
    for token in held {
        let next = Tokens::of(&shop.refresh(token).send().await.expect_status(200));
        assert!(shop.is_active(&next.access).await);
        shop.refresh(&next.refresh).send().await.expect_status(200);
    }
}

async fn no_code_redeems_twice(shop: &Shop, fates: Vec<Fate>) {
    let mut kinds = [0; 3];
    for fate in fates {
        let code = match fate {
            Fate::Redeemed(code, tokens) => {
                kinds[0] += 1;
                assert!(shop.is_active(&tokens.access).await);
                expect_error(&shop.redeem(&code).send().await, 400, "invalid_grant");
                // RFC 6749 §4.1.2: what the first redemption gave ends with the second attempt.
                expect_error(&shop.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
                continue;
            }
            Fate::NoAnswer(code) => {
                kinds[1] += 1;
                let again = shop.redeem(&code).send().await;
                if again.status != 200 {
                    expect_error(&again, 400, "invalid_grant");
                }
                code
            }
            Fate::Untried(code) => {
                kinds[2] += 1;
                shop.redeem(&code).send().await.expect_status(200);
                code
            }
        };
        expect_error(&shop.redeem(&code).send().await, 400, "invalid_grant");
    }
    assert!(kinds.iter().all(|kind| *kind > 0), "the power went too early or too late: {kinds:?}");
}

async fn nothing_revoked_lives(shop: &Shop, endings: &[Ending]) {
    assert!(endings.iter().any(|ending| ending.confirmed), "no revocation was answered");
    for Ending { tokens, confirmed } in endings {
        if !confirmed {
            // The client was told nothing, so it asks again.
            shop.revoke(&tokens.refresh).send().await.expect_status(200);
        }
        // Another node may have a second to hear of it.
        eventually(SOON, async || !shop.is_active(&tokens.access).await).await;
        assert!(!shop.is_active(&tokens.refresh).await);
        expect_error(&shop.refresh(&tokens.refresh).send().await, 400, "invalid_grant");
    }
}

async fn survives(settings: Settings) {
    let mut server = start(settings).await;
    let shop = Shop::at(&server).await;
    let browser = shop.signed_in().await;
    for _ in 0..2 {
        let aftermath = cut_the_power(&mut server, &shop, &browser).await;
        // At once: the lock of the dead process must not stand in the way.
        server = ServerProcess::start(BINARY, server.settings().clone()).await;
        nobody_is_signed_out(&shop, &aftermath.held).await;
        nothing_revoked_lives(&shop, &aftermath.endings).await;
        no_code_redeems_twice(&shop, aftermath.fates).await;
    }
    // The session outlived both.
    shop.tokens(&browser).await;
}

#[tokio::test]
async fn a_power_cut_doubles_and_loses_nothing_on_sqlite() {
    survives(Settings::new()).await;
}

#[tokio::test]
async fn a_power_cut_doubles_and_loses_nothing_on_postgres() {
    survives(Settings::new().with_postgres(&Services::from_environment()).await).await;
}

#[tokio::test]
async fn when_one_node_dies_its_clients_go_on_at_the_other() {
    let (mut first, _second, a, b) = two(Settings::new()).await;
    let aftermath = cut_the_power(&mut first, &a, &a.signed_in().await).await;
    nobody_is_signed_out(&b, &aftermath.held).await;
    nothing_revoked_lives(&b, &aftermath.endings).await;
    no_code_redeems_twice(&b, aftermath.fates).await;
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_gives_the_same_successor_after_a_restart() {
    let mut server = start(Settings::new()).await;
    let shop = Shop::at(&server).await;
    let first = shop.tokens(&shop.signed_in().await).await;
    let second = Tokens::of(&shop.refresh(&first.refresh).send().await.expect_status(200));
    server.kill9().await;
    let _server = ServerProcess::start(BINARY, server.settings().clone()).await;
    let again = Tokens::of(&shop.refresh(&first.refresh).send().await.expect_status(200));
    assert_eq!(again.refresh, second.refresh);
    shop.refresh(&second.refresh).send().await.expect_status(200);
}
