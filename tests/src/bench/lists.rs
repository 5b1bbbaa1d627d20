//! What the lists of the administration API cost when there is much to list: every filter, sort and search, and the last page.

use super::client::{Connection, request};
use super::options::Options;
use super::seed;
use super::server::Server;
use crate::{Discovery, Http};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Its name.
pub(super) const NAME: &str = "lists";
/// How often each is asked.
const ASKED: u64 = 100;
/// What none of them should take longer than.
const AIM: Duration = Duration::from_millis(100);

/// Lists with their sorts.
const SORTED: [(&str, &[&str]); 3] = [
    ("/users", &["username", "name", "created_at", "updated_at"]),
    ("/clients", &["client_id", "client_name", "created_at", "updated_at"]),
    ("/sessions", &["created_at"]),
];
/// Filters and searches.
const ASKED_FOR: &[&str] = &[
    "/users?search=son-4711",
    "/users?search=number%204711",
    "/users?search=nowhere-at-all",
    "/users?search=p99999@",
    "/users?disabled=true",
    "/users?role=clerk",
    "/users?role=nobodys",
    "/users?role=clerk&search=nowhere-at-all",
    "/clients?search=ation%2047",
    "/clients?search=nowhere-at-all",
    "/clients?disabled=true",
    "/roles",
    "/groups",
    "/sessions?user_id=u4711",
    "/sessions?client_id=client-7",
    "/grants",
    "/grants?user_id=u4711",
    "/grants?client_id=client-7",
    "/grants?user_id=u4711&client_id=client-7",
    "/audit",
    "/audit?event=token_issued",
    "/audit?event=client_changed",
    "/audit?event=client_changed,sign_in_failed",
    "/audit?client_id=client-1",
    "/audit?client_id=client-7",
    "/audit?client_id=nobody",
    "/audit?client_id=client-1&event=client_changed",
    "/audit?client_id=client-7&event=token_issued",
    "/audit?client_id=client-1&address=192.0.2.7",
    "/audit?client_id=client-1&address=203.0.113.1",
    "/audit?actor=client:client-7",
    "/audit?actor=user:u7",
    "/audit?user_id=u4711",
    "/audit?sid=s4711",
    "/audit?grant_id=g4711",
    "/audit?request_id=r4711",
    "/audit?address=192.0.2.7",
    "/audit?address=203.0.113.1",
    "/audit?address=192.0.2.7&event=sign_in_failed",
    "/audit/500000",
    "/audit/seals",
];

struct Lister<'a> {
    connection: Connection,
    issuer: String,
    host: String,
    token: String,
    options: &'a Options,
    over: usize,
}

/// Fills the server's database, and asks for everything.
pub(super) async fn run(server: &Server, options: &Options) {
    let began = Instant::now();
    seed::fill(&server.settings).await;
    println!(
        "{} people, {} clients, {} sessions and grants, {} events; made in {} s",
        seed::USERS,
        seed::CLIENTS,
        seed::SESSIONS,
        seed::EVENTS,
        began.elapsed().as_secs()
    );
    println!("{:<64} {:>9} {:>9}", "list", "p50 ms", "p99 ms");
    let mut lister = Lister::open(server, options).await;
    for (list, sorts) in SORTED {
        for sort in sorts {
            lister.measure(&format!("{list}?sort={sort}")).await;
            lister.measure(&format!("{list}?sort=-{sort}")).await;
            // Where the list from its end is at, the list from its beginning ends.
            let page = lister.json(&format!("{list}?sort=-{sort}&limit=200")).await;
            let cursor = page["next_cursor"].as_str().expect("a long list").to_owned();
            lister.measure(&format!("{list}?sort={sort}&limit=200&cursor={cursor}")).await;
        }
    }
    for asked in ASKED_FOR {
        lister.measure(asked).await;
    }
    lister.try_out("/emergency/end-all", r#"{"reason":"a trial"}"#).await;
    for kid in lister.keys_at_work().await {
        lister.try_out(&format!("/keys/{kid}/revoke"), "").await;
    }
    let middle = lister.json("/audit/500000").await["at"].as_str().expect("a time").to_owned();
    for range in
        [format!("from={middle}&sort=at"), format!("to={middle}"), format!("from={middle}&to={middle}")]
    {
        lister.measure(&format!("/audit?{range}")).await;
        lister.measure(&format!("/audit?{range}&client_id=client-7")).await;
    }
    let last =
        lister.json("/audit?sort=at&limit=200").await["next_cursor"].as_str().expect("more").to_owned();
    lister.measure(&format!("/audit?limit=200&cursor={last}")).await;
    println!("{} of them take longer than {} ms", lister.over, AIM.as_millis());
}

impl<'a> Lister<'a> {
    async fn open(server: &Server, options: &'a Options) -> Self {
        let issuer = server.settings.issuer();
        let host = issuer.trim_start_matches("http://").to_owned();
        let http = Http::new();
        let discovery = Discovery::fetch(&http, &issuer).await;
        let api = format!("{issuer}/api/v1/admin");
        let form = [("grant_type", "client_credentials"), ("resource", api.as_str())];
        let call = http
            .post(discovery.get("token_endpoint"))
            .basic("lister", "bench-secret-bench-secret-bench-secret");
        let token: String = call.form(&form).send().await.expect_status(200).field("access_token");
        let address = server.settings.get("server.listen").parse().expect("an address");
        let connection = Connection::open(address).await;
        Self { connection, issuer, host, token, options, over: 0 }
    }

    fn request(&self, path: &str) -> Vec<u8> {
        self.call(("GET", path), &[], "")
    }

    fn call(&self, (method, path): (&str, &str), more: &[(&str, &str)], body: &str) -> Vec<u8> {
        let base = self.issuer.split_once(&self.host).map(|(_, path)| path).unwrap_or_default();
        let authorization = format!("Bearer {}", self.token);
        let headers = [&[("authorization", authorization.as_str())], more].concat();
        let mut call = request(method, &format!("{base}/api/v1/admin{path}"), &self.host, &headers, None);
        call.extend_from_slice(body.as_bytes());
        call
    }

    async fn json(&mut self, path: &str) -> Value {
        let request = self.request(path);
        let answer = self.connection.exchange(&request).await;
        answer.expect(200);
        serde_json::from_str(answer.body()).expect("JSON")
    }

    /// The keys whose withdrawal takes something along.
    async fn keys_at_work(&mut self) -> Vec<String> {
        let keys = self.json("/keys").await;
        let items = keys["items"].as_array().expect("keys").iter();
        let at_work = items.filter(|key| key["state"] == "current" && key["use"] != "forms");
        at_work.map(|key| key["kid"].as_str().expect("its identifier").to_owned()).collect()
    }

    /// Asks what something would take along, which is told before it is done.
    async fn try_out(&mut self, path: &str, body: &str) {
        let path = format!("{path}?dry_run=true");
        let length = body.len().to_string();
        let headers = [("content-type", "application/json"), ("content-length", length.as_str())];
        let call = self.call(("POST", &path), &headers, body);
        self.measure_call(&path, &call).await;
    }

    async fn measure(&mut self, path: &str) {
        let request = self.request(path);
        self.measure_call(path, &request).await;
    }

    async fn measure_call(&mut self, path: &str, request: &[u8]) {
        let mut times = Vec::new();
        for _ in 0..self.options.scale(ASKED) {
            let began = Instant::now();
            self.connection.exchange(request).await.expect(200);
            times.push(began.elapsed());
            // Whatever is slow is seen soon enough.
            if times.iter().sum::<Duration>() > AIM * 100 {
                break;
            }
        }
        times.sort_unstable();
        let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        let missed = if p99 > AIM { "!" } else { "" };
        self.over += usize::from(p99 > AIM);
        let shown: String = path.chars().take(64).collect();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
        println!("{shown:<64} {:>9.1} {:>9}", milliseconds(p50), format!("{missed}{:.1}", milliseconds(p99)));
    }
}
