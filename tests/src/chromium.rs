//! Headless Chromium.

use crate::services::required;
use crate::{Http, eventually, free_port, install_crypto_provider};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::prelude::*;
use tokio::process::{Child, Command};

/// How long a page may take to show what a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Below this a window is a phone's, in CSS pixels.
const NARROW: u32 = 600;
/// More stops than this on the way with the Tab key are a maze.
const STOPS: usize = 20;

const SWITCHES: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
];

/// A browser window with a fresh profile.
pub struct Chromium {
    /// The WebDriver session, for what the methods here do not cover.
    pub driver: WebDriver,
    /// Where the session answers, for what the library does not cover.
    session: String,
    /// Whether pages run scripts.
    pub(crate) scripts: bool,
    // Both end with the window; the driver's process takes the browser with it.
    _process: Child,
    _profile: TempDir,
}

/// How a window is opened.
#[derive(Clone, Debug)]
pub struct Window {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// False: no page runs a script.
    pub scripts: bool,
    /// True: the person prefers dark colours.
    pub dark: bool,
    /// What the person wants pages to be written in, as the browser's settings have it.
    pub language: &'static str,
}

impl Default for Window {
    fn default() -> Self {
        Self { width: 1280, height: 900, scripts: true, dark: false, language: "en" }
    }
}

/// An authenticator of the browser's own.
pub struct Authenticator<'a> {
    chromium: &'a Chromium,
    id: String,
}

impl Authenticator<'_> {
    /// Whether somebody touches it when it is asked for something.
    pub async fn touched(&self, touched: bool) {
        let parameters = json!({ "authenticatorId": self.id, "enabled": touched });
        self.chromium.devtools("WebAuthn.setAutomaticPresenceSimulation", parameters).await;
    }
}

impl Chromium {
    /// Opens a window, lets `test` act in it and closes it. If the test panics, the page's source and a picture of
    /// it stay in `target/browser-failures/<name>.*`.
    pub async fn run(name: &str, window: Window, test: impl AsyncFnOnce(&Chromium)) {
        let chromium = Self::open(&window).await;
        let outcome = AssertUnwindSafe(test(&chromium)).catch_unwind().await;
        if outcome.is_err() {
            chromium.leave_evidence(name).await;
        }
        let _ = chromium.driver.quit().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    }

    async fn open(window: &Window) -> Self {
        install_crypto_provider();
        let profile = tempfile::tempdir().expect("a temporary folder");
        let port = free_port();
        let mut command = Command::new(required("SIGNET_TEST_CHROMEDRIVER"));
        command.arg(format!("--port={port}")).env("HOME", profile.path()).kill_on_drop(true);
        let process =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("chromedriver starts");
        let server = format!("http://127.0.0.1:{port}");
        let (http, status) = (Http::new(), format!("{server}/status"));
        eventually(PATIENCE, async || {
            http.call(reqwest::Method::GET, &status).try_send().await.is_ok_and(|answer| answer.status == 200)
        })
        .await;
        let driver = WebDriver::new(&server, capabilities(window, profile.path())).await.expect("a session");
        let session = format!("{server}/session/{}", driver.session_id());
        let chromium =
            Self { driver, session, scripts: window.scripts, _process: process, _profile: profile };
        chromium.shape(window).await;
        chromium
    }

    /// Gives the page exactly the window's size, also one that is narrower than a desktop's windows can be.
    async fn shape(&self, window: &Window) {
        let Window { width, height, dark, .. } = *window;
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < NARROW });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let scheme = json!({ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [scheme] })).await;
        self.let_scripts_run(self.scripts).await;
    }

    /// Whether pages run scripts; those of a page that has been loaded without are not made up for.
    pub(crate) async fn let_scripts_run(&self, run: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !run })).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters }).to_string();
        let call = Http::new().post(format!("{}/goog/cdp/execute", self.session));
        call.body("application/json", body).send().await.expect_status(200).json()["value"].take()
    }

    /// Gives the browser an authenticator of its own (WebAuthn §11), which holds passkeys and verifies its user.
    pub async fn with_authenticator(&self) -> Authenticator<'_> {
        self.devtools("WebAuthn.enable", json!({})).await;
        let options = json!({ "options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true, "automaticPresenceSimulation": true
        } });
        let added = self.devtools("WebAuthn.addVirtualAuthenticator", options).await;
        let id = added["authenticatorId"].as_str().expect("an identifier").to_owned();
        Authenticator { chromium: self, id }
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The address that the window shows.
    pub async fn url(&self) -> String {
        self.driver.current_url().await.expect("an address").to_string()
    }

    /// The element, once it is displayed.
    pub async fn see(&self, selector: &str) -> WebElement {
        eventually(PATIENCE, async || self.displayed(selector).await).await
    }

    /// The text of the element, once it is displayed.
    pub async fn text(&self, selector: &str) -> String {
        eventually(PATIENCE, async || self.displayed(selector).await?.text().await.ok()).await
    }

    /// Types into a field in place of what it holds.
    pub async fn fill(&self, selector: &str, value: &str) {
        let field = self.see(selector).await;
        field.clear().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
        field.send_keys(value).await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks the element.
    pub async fn click(&self, selector: &str) {
        let element = self.see(selector).await;
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Waits for an address that satisfies the condition, and returns it.
    pub async fn arrive(&self, condition: impl Fn(&str) -> bool) -> String {
        eventually(PATIENCE, async || {
            let url = self.url().await;
            if condition(&url) { Ok(url) } else { Err(url) }
        })
        .await
    }

    /// The value of an expression in the page.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let script = format!("return {expression};");
        let result = self.driver.execute(script, Vec::new()).await;
        result.unwrap_or_else(|error| panic!("{expression}: {error}")).json().clone()
    }

    /// True if the page is wider than the window: something sticks out at this width.
    pub async fn scrolls_sideways(&self) -> bool {
        self.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth").await
            == true
    }

    /// What the browser has complained about since it was last asked: violations of a page's policy, errors of
    /// scripts, files that are missing. That a page itself came with an error status is none.
    pub async fn complaints(&self) -> Vec<String> {
        let entries = self.driver.get_log("browser").await.expect("the browser's log");
        let is_status_of_a_page = |message: &str| {
            message.contains("the server responded with a status of") && !message.contains("/assets/")
        };
        entries.into_iter().map(|entry| entry.message).filter(|it| !is_status_of_a_page(it)).collect()
    }

    /// Waits until the element has the focus.
    pub async fn focused(&self, selector: &str) {
        let has_it = format!("document.activeElement.matches('{selector}')");
        eventually(PATIENCE, async || self.evaluate(&has_it).await == true).await;
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.expect("keys can be pressed");
    }

    /// Presses Tab until the element has the focus; the test fails if that takes more than a page's worth of stops.
    pub async fn tab_to(&self, selector: &str) {
        for _ in 0..STOPS {
            if self.evaluate(&format!("document.activeElement.matches('{selector}')")).await == true {
                return;
            }
            self.press(Key::Tab).await;
        }
        panic!("the keyboard does not reach {selector}");
    }

    /// A picture of the whole page, as wide as the window.
    pub async fn picture(&self, file: &Path) {
        let height = self.evaluate("document.documentElement.scrollHeight").await;
        let width = self.evaluate("document.documentElement.clientWidth").await;
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let parameters = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.devtools("Page.captureScreenshot", parameters).await;
        let bytes = STANDARD.decode(picture["data"].as_str().expect("a picture")).expect("base64");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("the folder for pictures");
        std::fs::write(file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    async fn displayed(&self, selector: &str) -> Option<WebElement> {
        let element = self.driver.find(By::Css(selector)).await.ok()?;
        element.is_displayed().await.ok()?.then_some(element)
    }

    async fn leave_evidence(&self, name: &str) {
        let folder = failures();
        std::fs::create_dir_all(&folder).expect("the folder for failures");
        let url = self.driver.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        let source = self.driver.source().await.unwrap_or_else(|error| error.to_string());
        let _ = std::fs::write(folder.join(format!("{name}.html")), format!("<!-- {url} -->\n{source}"));
        let _ = self.driver.screenshot(&folder.join(format!("{name}.png"))).await;
    }
}

fn capabilities(window: &Window, profile: &Path) -> thirtyfour::ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary(&required("SIGNET_TEST_CHROMIUM")).expect("a path");
    let mut switches: Vec<String> = SWITCHES.iter().map(|switch| (*switch).to_owned()).collect();
    switches.push(format!("--user-data-dir={}", profile.join("profile").display()));
    switches.push(format!("--window-size={},{}", window.width, window.height));
    for switch in switches {
        capabilities.add_arg(&switch).expect("a switch");
    }
    let preferences = json!({ "intl.accept_languages": window.language });
    capabilities.add_experimental_option("prefs", preferences).expect("preferences");
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All).expect("a preference");
    capabilities
}

fn failures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/browser-failures")
}
