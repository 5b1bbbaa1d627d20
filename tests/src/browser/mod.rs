//! A browser without an engine: it keeps cookies, follows redirects within the issuer, reads pages and sends forms
//! with the headers that a real one sends. What needs layout, scripts or a real cookie policy is in
//! [`chromium`](crate::chromium).

mod cookies;
mod form;
mod page;

use crate::{Answer, Http};
use cookies::Cookies;
pub use form::Form;
pub use page::Page;
use reqwest::Method;
use std::sync::{Arc, Mutex};
use url::Url;

/// More redirects than this in a row are a loop.
const REDIRECTS: usize = 10;

/// One person's browser. Clones share its cookies, as tabs do.
#[derive(Clone)]
pub struct Browser {
    http: Http,
    home: Url,
    /// `Accept-Language`; none: it says nothing of languages.
    languages: Option<String>,
    cookies: Arc<Mutex<Cookies>>,
    /// What a proxy in front of the server would say of where it is.
    forwarded_for: Option<String>,
}

/// What caused a request, as far as the headers tell.
enum Cause<'a> {
    /// Typed, a bookmark, a link from elsewhere.
    Typed,
    /// A form on the page at this address.
    Form { page: &'a Url },
}

impl Browser {
    /// A browser with no cookies. It stays within the origin of `issuer`: a redirect that leads away ends there.
    pub fn new(issuer: &str) -> Self {
        Self::with(Http::new(), issuer)
    }

    /// The same, with a client of its own making (one that trusts a test's certificate authority).
    pub fn with(http: Http, issuer: &str) -> Self {
        let home = Url::parse(issuer).expect("an issuer URL");
        let languages = Some("en".to_owned());
        Self { http, home, languages, cookies: Arc::default(), forwarded_for: None }
    }

    /// The same browser with another `Accept-Language`, or with none.
    pub fn speaking(&self, languages: Option<&str>) -> Self {
        Self { languages: languages.map(str::to_owned), ..self.clone() }
    }

    /// The same browser at this address, as a proxy in front of the server would say.
    pub fn at_address(self, address: &str) -> Self {
        Self { forwarded_for: Some(address.to_owned()), ..self }
    }

    /// Opens an address (absolute, or a path of the issuer) and follows where it leads.
    pub async fn get(&self, url: impl AsRef<str>) -> Page {
        let url = self.home.join(url.as_ref()).expect("a URL");
        self.navigate(Method::GET, url, None, Cause::Typed).await
    }

    /// Sends fields as a form of the page at `page` would.
    pub(crate) async fn submit(
        &self,
        page: &Url,
        method: Method,
        action: Url,
        fields: &[(String, String)],
    ) -> Page {
        assert!(
            self.is_home(&action),
            "the form goes to {action}, not to the issuer: read Form::action and Form::fields instead"
        );
        let cause = Cause::Form { page };
        if method == Method::GET {
            let mut url = action;
            url.set_query(None);
            url.query_pairs_mut().extend_pairs(fields);
            self.navigate(Method::GET, url, None, cause).await
        } else {
            self.navigate(method, action, Some(fields), cause).await
        }
    }

    /// The value of a cookie of the issuer.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name)
    }

    /// Names of the cookies it holds, sorted.
    pub fn cookie_names(&self) -> Vec<String> {
        self.cookies.lock().unwrap().names()
    }

    /// Puts a cookie there, as an attacker or an earlier visit would have.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().set(name, value);
    }

    /// Forgets every cookie.
    pub fn clear_cookies(&self) {
        *self.cookies.lock().unwrap() = Cookies::default();
    }

    /// A browser with a copy of these cookies: whoever stole them.
    pub fn thief(&self) -> Self {
        let cookies = self.cookies.lock().unwrap().clone();
        Self { cookies: Arc::new(Mutex::new(cookies)), ..self.clone() }
    }

    fn is_home(&self, url: &Url) -> bool {
        url.origin() == self.home.origin()
    }

    async fn navigate(
        &self,
        mut method: Method,
        mut url: Url,
        mut fields: Option<&[(String, String)]>,
        cause: Cause<'_>,
    ) -> Page {
        for _ in 0..REDIRECTS {
            let answer = self.send(&method, &url, fields, &cause).await;
            let Some(location) = redirect(&answer) else {
                return Page::new(self.clone(), url, answer, None);
            };
            let next = url.join(&location).unwrap_or_else(|e| panic!("Location {location:?}: {e}"));
            // 307 and 308 repeat the body, and with it a password (RFC 9700 §4.12).
            assert!(
                method == Method::GET || matches!(answer.status, 302 | 303),
                "{} repeats a POST to {next}",
                answer.status
            );
            if !self.is_home(&next) {
                return Page::new(self.clone(), url, answer, Some(next));
            }
            (method, url, fields) = (Method::GET, next, None);
        }
        panic!("more than {REDIRECTS} redirects, the last to {url}");
    }

    async fn send(
        &self,
        method: &Method,
        url: &Url,
        fields: Option<&[(String, String)]>,
        cause: &Cause<'_>,
    ) -> Answer {
        let mut call = self
            .http
            .call(method.clone(), url)
            .header("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
            .header("sec-fetch-dest", "document")
            .header("sec-fetch-mode", "navigate");
        if let Some(languages) = &self.languages {
            call = call.header("accept-language", languages);
        }
        call = match cause {
            Cause::Typed => call.header("sec-fetch-site", "none"),
            Cause::Form { page } => {
                let origin = page.origin().ascii_serialization();
                let call = call.header("sec-fetch-site", "same-origin").header("referer", page.as_str());
                if *method == Method::GET { call } else { call.header("origin", &origin) }
            }
        };
        if let Some(address) = &self.forwarded_for {
            call = call.header("x-forwarded-for", address);
        }
        let cookies = self.cookies.lock().unwrap().header();
        if let Some(cookies) = cookies {
            call = call.header("cookie", &cookies);
        }
        if let Some(fields) = fields {
            let pairs: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            call = call.form(&pairs);
        }
        let answer = call.send().await;
        let mut jar = self.cookies.lock().unwrap();
        answer.header_all("set-cookie").for_each(|line| jar.receive(line));
        drop(jar);
        answer
    }
}

fn redirect(answer: &Answer) -> Option<String> {
    (300..400).contains(&answer.status).then(|| answer.header("location")).flatten()
}
