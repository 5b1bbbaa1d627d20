//! Passkeys where the browser sees another address than the server: TLS ends at a proxy, and the issuer has a path.

use crate::BINARY;
use crate::shop::{PASSWORD, Shop, resources};
use crate::tls::certificates;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use reqwest::Method;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use signet_tests::{
    Discovery, Http, Page, ServerProcess, Settings, SoftAuthenticator, eventually, free_port,
};
use std::time::Duration;

/// A request as it goes on from the proxy, and its answer as it comes back.
async fn pass_on(
    request: HttpRequest,
    body: web::Bytes,
    next: web::Data<(reqwest::Client, String)>,
) -> HttpResponse {
    let (client, server) = next.get_ref();
    let method = Method::from_bytes(request.method().as_str().as_bytes()).unwrap();
    let mut call = client.request(method, format!("{server}{}", request.uri().path_and_query().unwrap()));
    for (name, value) in request.headers() {
        call = call.header(name.as_str(), value.as_bytes());
    }
    let call = call.header("x-forwarded-for", "203.0.113.7").header("x-forwarded-proto", "https");
    let answer = call.body(body.to_vec()).send().await.unwrap();
    let mut response = HttpResponse::build(StatusCode::from_u16(answer.status().as_u16()).unwrap());
    for (name, value) in answer.headers().iter().filter(|(name, _)| *name != "content-length") {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    response.body(answer.bytes().await.unwrap())
}

/// Ends TLS in front of `server`. It ends with the test process.
fn proxy(port: u16, server: String, [_, certificate, key]: &[String; 3]) {
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let tls = rustls::ServerConfig::builder().with_no_client_auth();
    let tls = tls.with_single_cert(vec![certificate], key).unwrap();
    std::thread::spawn(move || {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let next = web::Data::new((client.build().unwrap(), server));
        let app = move || App::new().app_data(next.clone()).default_service(web::to(pass_on));
        let server = HttpServer::new(app).workers(1).disable_signals();
        let server = server.bind_rustls_0_23(("127.0.0.1", port), tls).unwrap();
        rt::System::new().block_on(server.run()).unwrap();
    });
}

/// The page's form with what the authenticator answers.
async fn answered(page: &Page, form: &str, answer: impl FnOnce(&serde_json::Value) -> String) -> Page {
    let options = page.attribute(form, "data-options").expect("what the browser is asked");
    let credential = answer(&serde_json::from_str(&options).unwrap());
    page.form(form).tamper("credential", &credential).press("#passkey-submit").await
}

#[tokio::test]
async fn a_passkey_is_made_and_used_behind_a_proxy_at_an_issuer_with_a_path() {
    let (pems, port) = (certificates(), free_port());
    let origin = format!("https://localhost:{port}");
    let settings = Settings::new()
        .with("server.issuer", format!("{origin}/tenants/one"))
        .with("server.trusted_proxies", vec!["127.0.0.1".to_owned()])
        .with("factors.policy", "required");
    let http = Http::trusting(&pems[0]);
    proxy(port, settings.address(), &pems);
    let server = ServerProcess::spawn(BINARY, settings);
    let issuer = server.issuer();
    let ready = format!("{origin}/health/ready");
    eventually(Duration::from_secs(60), async || {
        http.call(Method::GET, &ready).try_send().await.is_ok_and(|answer| answer.status == 200)
    })
    .await;
    server.apply(&resources()).await;
    let shop = Shop { discovery: Discovery::fetch(&http, &issuer).await, http };

    let page = shop.try_sign_in(&shop.browser(), "alice", PASSWORD).await;
    let page = page.form("#enrol").press("#enrol-passkey").await;
    let mut authenticator = SoftAuthenticator::new(&origin);
    let page = answered(&page, "form#enrol-passkey", |options| authenticator.create(options)).await;
    assert!(page.has("#recovery-codes"), "{}", page.html());
    page.form("#continue").press("#continue-submit").await.callback().code();

    // In place of the password, in another browser; but not from a page of the address behind the proxy.
    let visit = async || {
        let request = shop.discovery.authorization(crate::shop::SHOP.0, crate::shop::CALLBACK);
        shop.browser().get(request.url()).await
    };
    authenticator.origin = server.address();
    let page = answered(&visit().await, "#login-passkey", |options| authenticator.get(options)).await;
    assert!(page.has("#login-error"), "{}", page.html());
    authenticator.origin = origin;
    let page = answered(&visit().await, "#login-passkey", |options| authenticator.get(options)).await;
    page.callback().code();
}
