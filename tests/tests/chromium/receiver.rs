//! An application's page that shows what a form brought it.

use actix_web::{App, HttpResponse, HttpServer, rt, web};
use signet_tests::{Http, eventually, free_port};
use std::time::Duration;

async fn show(fields: web::Form<Vec<(String, String)>>) -> HttpResponse {
    let fields: String =
        fields.iter().map(|(name, value)| format!("<dt>{name}</dt><dd id=\"{name}\">{value}</dd>")).collect();
    let head = "<!doctype html><html lang=en><title>Received</title><link rel=icon href=\"data:,\">";
    let page = format!("{head}<main><h1>Received</h1><dl id=received>{fields}</dl></main>");
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}

/// Starts it and returns its redirect URI. It ends with the test process.
pub async fn start() -> String {
    let port = free_port();
    std::thread::spawn(move || {
        let app = || App::new().route("/callback", web::post().to(show));
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", port)).unwrap();
        rt::System::new().block_on(server.run()).unwrap();
    });
    let address = format!("http://127.0.0.1:{port}/callback");
    let http = Http::new();
    eventually(Duration::from_secs(10), async || {
        http.call(reqwest::Method::GET, &address).try_send().await.is_ok()
    })
    .await;
    address
}
