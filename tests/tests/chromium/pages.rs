//! The pages as a person sees them. Each is found by the ids and names that scripts rely on.

use signet_tests::Chromium;

async fn has(browser: &Chromium, selectors: &[&str]) {
    for selector in selectors {
        browser.see(selector).await;
    }
}

/// The sign-in page.
pub struct SignInPage<'a>(&'a Chromium);

impl<'a> SignInPage<'a> {
    pub async fn of(browser: &'a Chromium) -> Self {
        let form = "form#login[method=post]";
        let fields = ["input[name=username]", "input[name=password][type=password]", "#login-submit"];
        has(browser, &fields.map(|field| format!("{form} {field}")).each_ref().map(String::as_str)).await;
        Self(browser)
    }

    pub async fn sign_in(&self, username: &str, password: &str) {
        self.0.fill("#login [name=username]", username).await;
        self.0.fill("#login [name=password]", password).await;
        self.0.click("#login-submit").await;
    }

    /// Signs in with what is not right, and returns what the page says then.
    pub async fn fail(&self, username: &str, password: &str) -> String {
        self.sign_in(username, password).await;
        self.0.text("#login-error").await
    }

    pub async fn value(&self, field: &str) -> String {
        let value = self.0.evaluate(&format!("document.querySelector('#login [name={field}]').value")).await;
        value.as_str().expect("a value").to_owned()
    }
}

/// The page that asks whether an application may have what it wants.
pub struct ConsentPage<'a>(&'a Chromium);

impl<'a> ConsentPage<'a> {
    pub async fn of(browser: &'a Chromium) -> Self {
        has(browser, &["form#consent[method=post] #consent-allow", "#consent #consent-deny"]).await;
        Self(browser)
    }

    pub async fn allow(&self) {
        self.0.click("#consent-allow").await;
    }

    pub async fn deny(&self) {
        self.0.click("#consent-deny").await;
    }
}

/// The page that asks before it signs out.
pub struct SignOutPage<'a>(&'a Chromium);

impl<'a> SignOutPage<'a> {
    pub async fn of(browser: &'a Chromium) -> Self {
        has(browser, &["form#logout[method=post] #logout-confirm"]).await;
        Self(browser)
    }

    pub async fn confirm(&self) {
        self.0.click("#logout-confirm").await;
        self.0.see("#signed-out").await;
    }
}

/// Any refusal that stays here.
pub struct ErrorPage<'a>(&'a Chromium);

impl<'a> ErrorPage<'a> {
    pub async fn of(browser: &'a Chromium) -> Self {
        has(browser, &["#error #error-code", "#error #error-description"]).await;
        Self(browser)
    }

    pub async fn code(&self) -> String {
        self.0.text("#error-code").await
    }
}

/// The demo application.
pub struct DemoPage<'a>(&'a Chromium);

impl<'a> DemoPage<'a> {
    pub async fn open(browser: &'a Chromium, address: &str) -> Self {
        browser.goto(address).await;
        browser.see("#demo-sign-in").await;
        Self(browser)
    }

    /// The page of whoever is signed in.
    pub async fn open_signed_in(browser: &'a Chromium) -> Self {
        browser.see("#demo-sign-out").await;
        Self(browser)
    }

    pub async fn begin(&self) {
        self.0.click("#demo-sign-in").await;
    }

    /// What it says of the two tokens, once somebody is signed in.
    pub async fn verdicts(&self) -> Vec<String> {
        let text = self.0.text("#demo-verdict").await;
        let badges = "[...document.querySelectorAll('#demo-verdict .badge')].map(badge => badge.innerText)";
        let badges = self.0.evaluate(badges).await;
        let badges = badges.as_array().unwrap_or_else(|| panic!("{text}"));
        badges.iter().map(|badge| badge.as_str().unwrap().to_owned()).collect()
    }

    /// A claim as a table shows it.
    pub async fn claim(&self, table: &str, name: &str) -> String {
        let rows = format!("[...document.querySelectorAll('{table} .claims tbody tr')]");
        let row = format!("{rows}.find(row => row.cells[0].innerText === '{name}').cells[1].innerText");
        self.0.evaluate(&row).await.as_str().expect("a text").to_owned()
    }

    /// Presses the button and waits until the tokens have been replaced so many times.
    pub async fn refresh(&self, times: u32) {
        self.0.click("#demo-refresh").await;
        let times = times.to_string();
        signet_tests::eventually(std::time::Duration::from_secs(30), async || {
            let shown = self.0.text("#demo-refreshed").await;
            if shown == times { Ok(()) } else { Err(shown) }
        })
        .await;
    }

    pub async fn userinfo(&self) {
        self.0.click("#demo-userinfo").await;
        self.0.see("#demo-userinfo-result").await;
    }

    pub async fn sign_out(&self) {
        self.0.click("#demo-sign-out").await;
        self.0.see("#demo-sign-in").await;
    }
}

/// The account's page with everything besides the password.
pub struct SecurityPage<'a>(&'a Chromium);

impl<'a> SecurityPage<'a> {
    pub async fn of(browser: &'a Chromium) -> Self {
        has(browser, &["#security", "#app", "#passkeys"]).await;
        Self(browser)
    }

    /// What it says was just done.
    pub async fn done(browser: &'a Chromium) -> (Self, String) {
        let page = Self::of(browser).await;
        (page, browser.text("#account-done").await)
    }

    pub async fn add_app(&self) {
        self.0.click("#add-app").await;
    }

    pub async fn add_passkey(&self, name: &str) {
        self.0.click("#add-passkey").await;
        self.0.see("form#enrol-passkey #passkey-submit").await;
        self.0.fill("form#enrol-passkey [name=name]", name).await;
    }

    /// Opens what can be changed of the app or the first passkey.
    pub async fn open(&self, section: &str) {
        self.0.click(&format!("{section} summary")).await;
        self.0.see(&format!("{section} button.danger")).await;
    }

    pub async fn rename_passkey(&self, name: &str) {
        self.0.fill(".passkey-rename [name=name]", name).await;
        self.0.click(".passkey-rename button").await;
    }

    /// Removes the app or the first passkey.
    pub async fn remove(&self, section: &str) {
        self.open(section).await;
        self.0.click(&format!("{section} button.danger")).await;
    }

    /// The new codes, before the person goes on.
    pub async fn new_codes(&self) -> Vec<String> {
        self.0.click("#codes-new").await;
        self.0.text("#recovery-codes").await.split_whitespace().map(str::to_owned).collect()
    }
}
