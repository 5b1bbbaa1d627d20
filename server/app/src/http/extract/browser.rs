//! A request from a browser: its cookies and what it calls itself.

use super::{Form, Viewer};
use crate::http::cookies::read;
use crate::http::{State, page};
use actix_web::http::header::USER_AGENT;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::parameters::Parameters;
use signet_protocol::secret::Secret;
use signet_service::authorize::Visit;

/// What a [`Visit`] borrows from.
pub struct Browser {
    viewer: Viewer,
    session: Option<Secret<String>>,
    partial: Option<Secret<String>>,
    remembered: Option<Secret<String>>,
    form_binding: Option<String>,
    device: Option<String>,
    user_agent: Option<String>,
}

impl Browser {
    /// Reads the cookies.
    pub fn of(request: &HttpRequest, state: &State) -> Self {
        let names = state.cookie_names();
        let headers = request.headers();
        let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        let secret = |name| read(headers, name).map(|value| Secret::new(value.to_owned()));
        Self {
            viewer: Viewer::of(request, state),
            session: secret(names.session),
            partial: secret(names.partial),
            remembered: secret(names.remembered),
            form_binding: read(headers, names.browser).map(str::to_owned),
            device: read(headers, names.device).map(str::to_owned),
            user_agent: user_agent.map(str::to_owned),
        }
    }

    /// As the service takes it.
    pub fn visit(&self) -> Visit<'_> {
        Visit {
            origin: &self.viewer.origin,
            session: self.session.as_ref(),
            partial: self.partial.as_ref(),
            remembered: self.remembered.as_ref(),
            browser: self.form_binding.as_deref(),
            device: self.device.as_deref(),
            user_agent: self.user_agent.as_deref(),
        }
    }

    /// Whom to answer.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Answers in a person's own language, if there is that one.
    pub fn preferring_locale(self, state: &State, locale: Option<&str>) -> Self {
        let viewer = self.viewer.preferring(state, locale);
        Self { viewer, ..self }
    }

    /// Answers in the first language of a request's `ui_locales` that there is.
    pub fn preferring(self, state: &State, parameters: &Parameters) -> Self {
        let viewer = self.viewer.preferring(state, parameters.get("ui_locales"));
        Self { viewer, ..self }
    }

    /// Answers a form of an interaction in the language of its sealed `request`.
    fn in_the_language_of(self, state: &State, form: &Parameters) -> Self {
        let sealed = form.get("request").unwrap_or_default();
        let ui_locales = state.service.authorizations.ui_locales(sealed, &self.visit());
        let viewer = self.viewer.preferring(state, ui_locales.as_deref());
        Self { viewer, ..self }
    }
}

/// A form of our own pages, and the browser that sent it.
pub struct Posted {
    /// Who sent it.
    pub browser: Browser,
    /// What it says.
    pub form: Parameters,
}

impl Posted {
    /// Reads the form; if that fails, the answer says so. Pages of an interaction stay in its language.
    pub async fn read(request: &HttpRequest, payload: Payload, state: &State) -> Result<Self, HttpResponse> {
        let browser = Browser::of(request, state);
        match Form::read(request, payload).await {
            Ok(Form { parameters: form, .. }) => {
                Ok(Self { browser: browser.in_the_language_of(state, &form), form })
            }
            Err(unreadable) => Err(page::unreadable(state, browser.viewer(), unreadable)),
        }
    }

    /// A field; empty if it did not come.
    pub fn field(&self, name: &str) -> String {
        self.form.get(name).unwrap_or_default().to_owned()
    }
}
