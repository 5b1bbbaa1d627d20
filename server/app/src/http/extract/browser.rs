//! A request from a browser: its cookies and what it calls itself.

use super::Viewer;
use crate::http::State;
use crate::http::cookies::read;
use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use signet_protocol::parameters::Parameters;
use signet_protocol::secret::Secret;
use signet_service::authorize::Visit;

/// What a [`Visit`] borrows from.
pub struct Browser {
    viewer: Viewer,
    session: Option<Secret<String>>,
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
        Self {
            viewer: Viewer::of(request, state),
            session: read(headers, names.session).map(|value| Secret::new(value.to_owned())),
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
            browser: self.form_binding.as_deref(),
            device: self.device.as_deref(),
            user_agent: self.user_agent.as_deref(),
        }
    }

    /// Whom to answer.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Answers in the first language of a request's `ui_locales` that there is.
    pub fn preferring(self, state: &State, parameters: &Parameters) -> Self {
        let viewer = self.viewer.preferring(state, parameters.get("ui_locales"));
        Self { viewer, ..self }
    }

    /// Answers a form of an interaction in the language of its sealed `request`.
    pub fn in_the_language_of(self, state: &State, form: &Parameters) -> Self {
        let sealed = form.get("request").unwrap_or_default();
        let ui_locales = state.service.authorizations.ui_locales(sealed, &self.visit());
        let viewer = self.viewer.preferring(state, ui_locales.as_deref());
        Self { viewer, ..self }
    }
}
