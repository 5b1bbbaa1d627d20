//! What a navigation ended with.

use super::form;
use super::{Browser, Form};
use crate::{Answer, Callback};
use scraper::{ElementRef, Html, Selector};
use url::Url;

/// A page, or the last answer before a redirect that leads away from the issuer.
#[derive(Clone)]
pub struct Page {
    browser: Browser,
    url: Url,
    answer: Answer,
    left_for: Option<Url>,
}

impl Page {
    pub(super) fn new(browser: Browser, url: Url, answer: Answer, left_for: Option<Url>) -> Self {
        Self { browser, url, answer, left_for }
    }

    /// Where it was found, after all redirects.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The whole answer.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The body.
    pub fn html(&self) -> String {
        self.answer.text()
    }

    /// The foreign address that the issuer redirected to, if it did.
    pub fn left_for(&self) -> Option<&Url> {
        self.left_for.as_ref()
    }

    /// The authorization response that the issuer redirected to a client with, or posts through a form_post page.
    #[track_caller]
    pub fn callback(&self) -> Callback {
        if let Some(url) = &self.left_for {
            return Callback::from_url(url);
        }
        if self.has("form[method=post]") {
            let form = self.form("form[method=post]");
            if form.action().origin() != self.url.origin() {
                return Callback::from_fields(form.action(), form.fields());
            }
        }
        self.fail("this page is no authorization response");
    }

    /// True if something matches the selector.
    #[track_caller]
    pub fn has(&self, selector: &str) -> bool {
        self.find(selector, |_| ()).is_some()
    }

    /// The text of the first match, its white space collapsed.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        self.find(selector, |element| {
            element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .unwrap_or_else(|| self.fail(&format!("nothing matches {selector}")))
    }

    /// The text of the first match with its lines as they are.
    #[track_caller]
    pub fn lines(&self, selector: &str) -> String {
        self.find(selector, |element| element.text().collect())
            .unwrap_or_else(|| self.fail(&format!("nothing matches {selector}")))
    }

    /// The text of every match with its lines as they are.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html());
        html.select(&parse(selector)).map(|element| element.text().collect()).collect()
    }

    /// An attribute of the first match.
    #[track_caller]
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.find(selector, |element| element.attr(name).map(str::to_owned))
            .unwrap_or_else(|| self.fail(&format!("nothing matches {selector}")))
    }

    /// An attribute of every match that has it, in their order.
    #[track_caller]
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.html());
        let selector = parse(selector);
        html.select(&selector).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// Follows the first link that matches.
    pub async fn follow(&self, selector: &str) -> Page {
        let target = self.attribute(selector, "href").unwrap_or_else(|| self.fail("the link leads nowhere"));
        self.browser.get(self.url.join(&target).expect("a URL")).await
    }

    /// The form that matches, ready to be filled in.
    #[track_caller]
    pub fn form(&self, selector: &str) -> Form {
        let html = Html::parse_document(&self.html());
        let Some(element) = html.select(&parse(selector)).next() else {
            self.fail(&format!("nothing matches {selector}"));
        };
        if element.value().name() != "form" {
            self.fail(&format!("{selector} is a <{}>, no form", element.value().name()));
        }
        form::read(self.browser.clone(), &self.url, &html, element)
    }

    fn find<T>(&self, selector: &str, read: impl FnOnce(ElementRef) -> T) -> Option<T> {
        let html = Html::parse_document(&self.html());
        html.select(&parse(selector)).next().map(read)
    }

    #[track_caller]
    fn fail(&self, why: &str) -> ! {
        let gone = self.left_for.as_ref().map(|url| format!(", left for {url}")).unwrap_or_default();
        panic!("{why} at {} ({}{gone}):\n{}", self.url, self.answer.status, self.html());
    }
}

pub(super) fn parse(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error:?}"))
}
