use super::*;
use crate::keys::tests::World;
use chrono::TimeDelta;
use signet_store::MailState;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

const CODE: &str = "49503817";

/// A node that sends mails of the world's database to a target.
fn node(world: &World, target: &str) -> Delivery {
    node_to(world, &Target::parse(target).unwrap())
}

fn node_to(world: &World, target: &Target) -> Delivery {
    let master = Arc::new(MasterKeys::new(&[1; 32], &[]).unwrap());
    let random = Random::new(Arc::new(ring::rand::SystemRandom::new()));
    let mails = Mails::new(world.store.clone(), master, (world.clock.clone(), random), true);
    let transport = Transport::new(target, Duration::from_secs(5), None, "id.example.test").unwrap().unwrap();
    let sender = Sender::parse("Example <no-reply@example.com>").unwrap();
    let render: Render = Arc::new(|letter| {
        let Mail::EmailCode { code, .. } = &letter.mail else {
            return Err(NotRendered("no template".into()));
        };
        let text = || format!("Your code: {code}\n");
        Ok(Rendered { subject: "Your code".to_owned(), text: text(), html: text() })
    });
    Delivery { mails, post: Arc::new(Post { transport, sender, render }) }
}

/// A port of this machine where nobody listens.
fn nowhere() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("smtp://127.0.0.1:{port}")
}

async fn queue(node: &Delivery, address: &str, mail: Mail) -> String {
    let mails = node.mails.to(Addressee::stranger(address.to_owned(), None), mail).unwrap();
    let id = mails[0].id.clone();
    node.mails.queue(mails, Vec::new()).await.unwrap();
    id
}

fn code() -> Mail {
    Mail::EmailCode { code: CODE.to_owned(), minutes: 600 }
}

/// Sends what is due, as the worker would.
async fn work(node: &Delivery) -> usize {
    let leased = node.lease(8).await.unwrap();
    let count = leased.len();
    for mail in leased {
        node.deliver(mail).await;
    }
    count
}

async fn record(node: &Delivery, id: &str) -> MailRecord {
    node.mails.0.store.mails().get(id).await.unwrap().unwrap()
}

async fn events(world: &World) -> Vec<String> {
    world.store.audit().recent(100).await.unwrap().into_iter().map(|event| event.name).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_mail_in_a_folder_is_whole_and_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let folder = folder.path().join("data/mail");
    let node = node(&world, &format!("file://{}", folder.display()));
    let id = queue(&node, "alice@example.test", code()).await;
    assert_eq!(work(&node).await, 1);
    let file = folder.join(format!("{id}.eml"));
    assert_eq!(files(&folder), std::slice::from_ref(&file));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(&format!("Message-ID: <{id}@example.com>\r\n")) && text.contains(CODE), "{text}");
    assert!(matches!(record(&node, &id).await.state, MailState::Sent(_)));
    assert_eq!(events(&world).await, ["mail_sent"]);
}

#[tokio::test]
async fn what_a_mail_says_is_sealed_while_it_waits_and_forgotten_afterwards() {
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let node = node(&world, &format!("file://{}", folder.path().display()));
    queue(&node, "alice@example.test", code()).await;
    let sealed = world.store.mails().sealed().await.unwrap();
    let [(_, payload)] = &sealed[..] else { panic!("{sealed:?}") };
    assert!(!payload.windows(CODE.len()).any(|window| window == CODE.as_bytes()));
    assert!(!format!("{:?}", code()).contains(CODE));
    work(&node).await;
    assert_eq!(world.store.mails().sealed().await.unwrap(), []);
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_is_tried_again_and_then_given_up() {
    let world = World::new().await;
    let node = node(&world, &nowhere());
    let id = queue(&node, "alice@example.test", code()).await;
    for (attempt, wait) in (1u64..).zip([10, 60, 300, 1_800, 7_200, 21_600]) {
        assert_eq!(work(&node).await, 1, "attempt {attempt}");
        let MailRecord { state, attempts, reason, .. } = record(&node, &id).await;
        assert_eq!(
            (state, attempts),
            (MailState::Waiting(world.clock.now() + TimeDelta::seconds(wait)), attempt)
        );
        assert_eq!(reason.as_deref(), Some("the mail server cannot be reached"));
        world.wait(wait - 1);
        assert_eq!(work(&node).await, 0, "too early after attempt {attempt}");
        world.wait(1);
    }
    assert_eq!(node.mails.undelivered().await.unwrap(), Undelivered { failing: 1, waiting: 1, dead: 0 });
    assert_eq!(work(&node).await, 1);
    let dead = node.mails.dead(10).await.unwrap();
    assert_eq!((dead.len(), &*dead[0].id, &*dead[0].recipient), (1, &*id, "alice@example.test"));
    assert_eq!(node.mails.undelivered().await.unwrap(), Undelivered { failing: 0, waiting: 0, dead: 1 });
    // What it says is kept for whoever looks after it, until it holds no more.
    assert_eq!(world.store.mails().sealed().await.unwrap().len(), 1);
    assert_eq!(events(&world).await, ["mail_given_up"]);
    world.wait(86_400);
    world.store.sweep(world.clock.now(), 100).await.unwrap();
    assert_eq!(world.store.mails().sealed().await.unwrap(), []);
    assert_eq!(work(&node).await, 0);
}

#[tokio::test]
async fn a_mail_survives_a_restart_and_a_node_that_died_while_sending() {
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let target = format!("file://{}", folder.path().display());
    let died = node(&world, &target);
    queue(&died, "alice@example.test", code()).await;
    assert_eq!(died.lease(8).await.unwrap().len(), 1);
    drop(died);
    let restarted = node(&world, &target);
    assert_eq!(work(&restarted).await, 0, "it may still be under way");
    world.wait(120);
    assert_eq!(work(&restarted).await, 1);
    assert_eq!(files(folder.path()).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_nodes_one_sends_a_mail() {
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let target = format!("file://{}", folder.path().display());
    let (one, other) = (node(&world, &target), node(&world, &target));
    for _ in 0..20 {
        queue(&one, "alice@example.test", code()).await;
    }
    let worker = |node: Delivery| {
        tokio::spawn(async move {
            let mut sent = 0;
            // A look that lost every race finds nothing, though there is more.
            for _ in 0..40 {
                sent += work(&node).await;
            }
            sent
        })
    };
    let (one, other) = (worker(one), worker(other));
    assert_eq!(one.await.unwrap() + other.await.unwrap(), 20);
    assert_eq!(events(&world).await, ["mail_sent"; 20]);
}

#[tokio::test]
async fn a_code_is_not_sent_when_it_is_worth_nothing_any_more() {
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let node = node(&world, &format!("file://{}", folder.path().display()));
    let mail = Mail::EmailCode { code: CODE.to_owned(), minutes: 10 };
    let id = queue(&node, "alice@example.test", mail).await;
    world.wait(600);
    assert_eq!(work(&node).await, 1);
    assert!(matches!(record(&node, &id).await.state, MailState::Dead(_)));
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn an_outcome_that_comes_after_the_lease_changes_nothing() {
    let world = World::new().await;
    let node = node(&world, &nowhere());
    let id = queue(&node, "alice@example.test", code()).await;
    let late = node.lease(1).await.unwrap().remove(0);
    world.wait(120);
    let leased = node.lease(1).await.unwrap().remove(0);
    let mails = world.store.mails();
    let now = world.clock.now();
    assert_eq!(
        mails.give_up(&late, "late".to_owned(), now, vec![]).await,
        Ok(signet_store::Committed::Stale)
    );
    assert_eq!(mails.sent(&leased, now, vec![]).await, Ok(signet_store::Committed::Yes));
    assert!(matches!(record(&node, &id).await.state, MailState::Sent(_)));
}

/// A mail server that answers `RCPT` as told, and keeps what it took.
struct Receiver {
    target: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    fn answering(rcpt: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let target = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let taken = Arc::new(Mutex::new(Vec::new()));
        let kept = taken.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                converse(&stream.unwrap(), rcpt, &kept);
            }
        });
        Self { target, taken }
    }
}

fn converse(stream: &TcpStream, rcpt: &str, taken: &Mutex<Vec<String>>) {
    let say = |line: &str| {
        let mut stream = stream;
        let _ = stream.write_all(format!("{line}\r\n").as_bytes());
    };
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    say("220 receiver.test");
    while let Some(line) = lines.next() {
        match line.get(..4).unwrap_or_default() {
            "EHLO" => say("250 receiver.test"),
            "RCPT" => say(rcpt),
            "DATA" => {
                say("354 go on");
                let message: Vec<_> = lines.by_ref().take_while(|line| line != ".").collect();
                taken.lock().unwrap().push(message.join("\r\n"));
                say("250 taken");
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 ok"),
        }
    }
}

#[tokio::test]
async fn a_mail_server_gets_a_message_in_text_and_html() {
    let (world, receiver) = (World::new().await, Receiver::answering("250 ok"));
    let node = node(&world, &receiver.target);
    node.post.transport.check().await.unwrap();
    let id = queue(&node, "alice@example.test", code()).await;
    work(&node).await;
    assert!(matches!(record(&node, &id).await.state, MailState::Sent(_)));
    let taken = receiver.taken.lock().unwrap();
    assert!(taken.len() == 1 && taken[0].contains("multipart/alternative") && taken[0].contains(CODE));
}

#[tokio::test]
async fn an_address_that_is_refused_is_not_tried_again_and_the_reply_is_not_repeated() {
    let receiver = Receiver::answering("550 5.1.1 no alice, see http://localhost/reset?token=x");
    let world = World::new().await;
    let node = node(&world, &receiver.target);
    let id = queue(&node, "alice@example.test", code()).await;
    work(&node).await;
    let MailRecord { state, reason, .. } = record(&node, &id).await;
    assert!(matches!(state, MailState::Dead(_)));
    assert_eq!(reason.as_deref(), Some("the mail server answered 550 5.1.1"));
}

#[tokio::test]
async fn a_server_that_says_later_is_asked_again() {
    let (world, receiver) = (World::new().await, Receiver::answering("451 4.7.1 greylisted"));
    let node = node(&world, &receiver.target);
    let id = queue(&node, "alice@example.test", code()).await;
    work(&node).await;
    assert!(matches!(record(&node, &id).await.state, MailState::Waiting(_)));
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_offers_no_tls() {
    let receiver = Receiver::answering("250 ok");
    let Target::Smtp(server) = Target::parse(&receiver.target).unwrap() else { panic!("no server") };
    let elsewhere = SmtpServer { tls: Tls::StartTls, ..server };
    let world = World::new().await;
    let node = node_to(&world, &Target::Smtp(elsewhere));
    let id = queue(&node, "alice@example.test", code()).await;
    work(&node).await;
    assert!(receiver.taken.lock().unwrap().is_empty());
    assert!(record(&node, &id).await.reason.unwrap().contains("STARTTLS"));
}

#[tokio::test]
async fn mails_are_sealed_again_under_a_new_master_key() {
    let (world, folder) = (World::new().await, tempfile::tempdir().unwrap());
    let target = format!("file://{}", folder.path().display());
    queue(&node(&world, &target), "alice@example.test", code()).await;
    let both = MasterKeys::new(&[2; 32], &[[1; 32]]).unwrap();
    assert_eq!(reseal(&world.store, &both).await.unwrap(), 1);
    assert_eq!(reseal(&world.store, &both).await.unwrap(), 0);
    let old = node(&world, &target);
    work(&old).await;
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}
