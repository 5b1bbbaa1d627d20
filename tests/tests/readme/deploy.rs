//! The container's parts that can be tried without one.

use signet_tests::{ServerProcess, Settings, free_port};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use tokio::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

async fn health(port: impl ToString) -> ExitStatus {
    let script = root().join("deploy/health");
    Command::new(script)
        .arg(port.to_string())
        .stderr(std::process::Stdio::null())
        .status()
        .await
        .expect("bash")
}

#[tokio::test]
async fn the_health_check_tells_a_ready_server_from_none() {
    let settings = Settings::new();
    let port = settings.get("server.listen").rsplit_once(':').unwrap().1.to_owned();
    let server = ServerProcess::start(env!("CARGO_BIN_EXE_signet-under-test"), settings).await;
    assert!(health(&port).await.success());
    drop(server);
    assert!(!health(free_port()).await.success());
}

#[tokio::test]
async fn the_health_check_fails_on_a_server_that_is_not_ready() {
    let answer = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answering = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 1024];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    assert!(!health(port).await.success());
    assert!(answering.await.unwrap().starts_with("GET /health/ready HTTP/1.1\r\n"));
}

#[tokio::test]
async fn the_health_check_finds_a_server_behind_its_own_tls() {
    let certificate = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let settings = Settings::new();
    let chain = settings.write_file("chain.pem", &certificate.cert.pem());
    let key = settings.write_file("key.pem", &certificate.signing_key.serialize_pem());
    let issuer = settings.issuer().replace("http:", "https:");
    let port = issuer.rsplit_once(':').unwrap().1.to_owned();
    let settings = settings
        .with("server.issuer", issuer)
        .with("server.tls.certificate", chain.display().to_string())
        .with("server.tls.key", key.display().to_string());
    let _server = ServerProcess::spawn(env!("CARGO_BIN_EXE_signet-under-test"), settings);
    signet_tests::eventually(std::time::Duration::from_secs(60), async || health(&port).await.success())
        .await;
}

/// What the workspace consists of has to be in the image's build, or cargo refuses to read the manifest.
#[test]
fn every_member_of_the_workspace_is_copied_into_the_image() {
    let read = |name: &str| std::fs::read_to_string(root().join(name)).unwrap();
    let (containerfile, allowed) = (read("deploy/Containerfile"), read(".dockerignore"));
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let members = manifest["workspace"]["members"].as_array().unwrap().iter();
    let folders = members.map(|member| member.as_str().unwrap().trim_end_matches("/*"));
    for folder in folders.chain(["templates"]) {
        assert!(containerfile.contains(&format!("COPY {folder} {folder}\n")), "{folder} is not copied");
        assert!(allowed.lines().any(|line| line == format!("!{folder}")), "{folder} is kept out");
    }
    assert!(allowed.lines().any(|line| line == "*"), "only what is named comes in");
}
