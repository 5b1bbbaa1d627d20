//! The server's own TLS.

use crate::BINARY;
use crate::shop::{PASSWORD, SHOP, resources};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use reqwest::Method;
use signet_tests::{Browser, Discovery, Http, ServerProcess, Settings, eventually, free_port, run_command};
use std::time::Duration;

/// The PEM of a certificate authority, of a certificate for `localhost`, and of its key.
pub fn certificates() -> [String; 3] {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    [authority_pem, leaf.signed_by(&key, &issuer).unwrap().pem(), key.serialize_pem()]
}

pub fn settings([_, certificate, key]: &[String; 3]) -> Settings {
    let (settings, port) = (Settings::new(), free_port());
    let certificate = settings.write_file("certificate.pem", certificate).display().to_string();
    let key = settings.write_file("key.pem", key).display().to_string();
    settings
        .with("server.listen", format!("127.0.0.1:{port}"))
        .with("server.issuer", format!("https://localhost:{port}"))
        .with("server.tls.certificate", certificate)
        .with("server.tls.key", key)
}

#[tokio::test]
async fn a_person_signs_in_over_https_with_cookies_bound_to_the_host() {
    let pems = certificates();
    let server = ServerProcess::spawn(BINARY, settings(&pems));
    let (http, issuer) = (Http::trusting(&pems[0]), server.issuer());
    let ready = format!("{issuer}/health/ready");
    eventually(Duration::from_secs(60), async || {
        http.call(Method::GET, &ready).try_send().await.is_ok_and(|answer| answer.status == 200)
    })
    .await;
    server.apply(&resources()).await;

    let discovery = Discovery::fetch(&http, &issuer).await;
    let browser = Browser::with(http.clone(), &issuer);
    let request = discovery.authorization(SHOP.0, crate::shop::CALLBACK);
    let page = browser.get(request.url()).await;
    let form = page.form("#login").fill("username", "alice").fill("password", PASSWORD);
    let page = form.press("#login-submit").await;
    let code = page.callback().checked_code(&request, &issuer).to_owned();
    let answers = [browser.get("/").await.answer().clone(), page.answer().clone()];
    for cookie in answers.iter().flat_map(|answer| answer.header_all("set-cookie")) {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for attribute in ["; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
    }
    assert_eq!(browser.cookie_names().len(), 3, "{:?}", browser.cookie_names());
    assert!(browser.cookie_names().iter().all(|name| name.starts_with("__Host-")));
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", crate::shop::CALLBACK),
        ("code_verifier", &request.pkce.verifier),
    ];
    let call = http.post(discovery.token_endpoint()).basic(SHOP.0, SHOP.1).form(&form);
    let answer = call.send().await.expect_status(200);
    assert!(answer.header("strict-transport-security").is_some());

    // Nothing is served in the clear on that port.
    let plain = issuer.replace("https:", "http:");
    assert!(Http::new().call(Method::GET, format!("{plain}/health/live")).try_send().await.is_err());
    // And nobody is believed who shows another authority's certificate.
    let other = Http::trusting(&certificates()[0]);
    assert!(other.call(Method::GET, &ready).try_send().await.is_err());
}

#[tokio::test]
async fn a_certificate_and_a_key_that_do_not_match_are_refused() {
    let (mut pems, others) = (certificates(), certificates());
    pems[2] = others[2].clone();
    let settings = settings(&pems);
    for command in ["serve", "doctor"] {
        let exit = run_command(BINARY, &settings, &[command]).await;
        assert_eq!(exit.code, Some(1), "{command}: {}", exit.stdout);
        let told = format!("{}{}", exit.stdout, exit.stderr);
        assert!(told.contains("key.pem") || told.contains("server.tls"), "{told}");
        assert!(!told.contains("PRIVATE KEY"), "{told}");
    }
}
