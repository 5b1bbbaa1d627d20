//! Whoever looks at a page: where the request came from, and the language to answer in.

use crate::http::State;
use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT_LANGUAGE;
use signet_protocol::audit::Origin;
use signet_protocol::language::{Language, Languages};

/// Whom a page is made for.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Where the request came from.
    pub origin: Origin,
    /// What the page is written in.
    pub language: Language,
}

impl Viewer {
    /// Goes by `Accept-Language` (RFC 9110 §12.5.4).
    pub fn of(request: &HttpRequest, state: &State) -> Self {
        Self { origin: super::origin(request), language: accepted(request, state.pages.languages()) }
    }

    /// Goes by `ui_locales` (OpenID Connect Core §3.1.2.1) if there is one of these languages.
    pub fn preferring(self, state: &State, ui_locales: Option<&str>) -> Self {
        let preferred = ui_locales.and_then(|locales| state.pages.languages().of_ui_locales(locales));
        match preferred.cloned() {
            Some(language) => Self { language, ..self },
            None => self,
        }
    }
}

/// The language that a browser asks for. A header that came several times is no browser's: the first one counts.
pub fn accepted(request: &HttpRequest, languages: &Languages) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let accepted = header.and_then(|header| languages.of_accept_language(header));
    accepted.unwrap_or_else(|| languages.default_language()).clone()
}
