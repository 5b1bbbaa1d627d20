//! The floor: an actix-web route that returns the bytes it was given, and does nothing else.

use super::load::Exchange;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{App, HttpResponse, HttpServer, web};
use serde::{Deserialize, Serialize};
use std::io::BufRead as _;
use std::net::SocketAddr;
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// What actix-web writes by itself.
const OWN_HEADERS: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];

/// Its connections lie idle while the server is measured.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

#[derive(Clone, Serialize, Deserialize)]
struct Route {
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Route {
    fn of(exchange: &Exchange) -> Self {
        let head = String::from_utf8_lossy(&exchange.request);
        let target = head.split(' ').nth(1).expect("a request line");
        let path = target.split('?').next().unwrap_or(target).to_owned();
        let foreign = |(name, _): &&(String, String)| !OWN_HEADERS.contains(&name.as_str());
        let headers = exchange.headers.iter().filter(foreign).cloned().collect();
        Self { path, status: exchange.status, headers, body: exchange.body.clone() }
    }
}

struct Prepared {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: web::Bytes,
}

impl Prepared {
    fn of(route: &Route) -> Self {
        let header = |(name, value): &(String, String)| {
            let name = HeaderName::try_from(name.as_str()).expect("a header name");
            (name, HeaderValue::try_from(value.as_str()).expect("a header value"))
        };
        Self {
            status: StatusCode::from_u16(route.status).expect("a status"),
            headers: route.headers.iter().map(header).collect(),
            body: route.body.clone().into(),
        }
    }
}

/// Reads the request's body as any endpoint must, and answers.
async fn answer(prepared: web::Data<Prepared>, _body: web::Bytes) -> HttpResponse {
    let mut response = HttpResponse::with_body(prepared.status, prepared.body.clone());
    for (name, value) in &prepared.headers {
        response.headers_mut().append(name.clone(), value.clone());
    }
    response.map_into_boxed_body()
}

/// The process: routes come in on stdin as one line of JSON, the address goes out on stdout.
pub(super) fn serve() -> ExitCode {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).expect("routes");
    let routes: Vec<Route> = serde_json::from_str(&line).expect("routes in JSON");
    let system = actix_web::rt::System::new();
    system.block_on(async move {
        let routes: Vec<_> =
            routes.iter().map(|route| (route.path.clone(), web::Data::new(Prepared::of(route)))).collect();
        let server = HttpServer::new(move || {
            routes.iter().fold(App::new(), |app, (path, prepared)| {
                app.service(web::resource(path).app_data(prepared.clone()).to(answer))
            })
        });
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let server = server.workers(workers).tcp_nodelay(true).keep_alive(KEEP_ALIVE);
        let server = server.bind(("127.0.0.1", 0)).expect("a free port");
        println!("{}", server.addrs()[0]);
        server.run().await.expect("a server");
    });
    ExitCode::SUCCESS
}

/// The bare routes in a process of their own. Dropping it ends it.
pub(super) struct Bare {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Bare {
    /// Starts one that answers as the server did.
    pub(super) async fn start(exchanges: &[Exchange]) -> Self {
        let routes: Vec<_> = exchanges.iter().map(Route::of).collect();
        let mut line = serde_json::to_vec(&routes).expect("JSON");
        line.push(b'\n');
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command.arg("bare").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the bare server starts");
        child.stdin.take().expect("a pipe").write_all(&line).await.expect("it reads its routes");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = output.next_line().await.ok().flatten().and_then(|line| line.parse().ok());
        Self { child, address: address.expect("its address") }
    }

    /// The process id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id().expect("it runs")
    }
}
