//! A request from a browser: its cookies and what it calls itself.

use crate::http::State;
use crate::http::cookies::read;
use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;
use signet_protocol::audit::Origin;
use signet_protocol::secret::Secret;
use signet_service::authorize::Visit;

/// What a [`Visit`] borrows from.
pub struct Browser {
    origin: Origin,
    session: Option<Secret<String>>,
    form_binding: Option<String>,
    user_agent: Option<String>,
}

impl Browser {
    /// Reads the cookies.
    pub fn of(request: &HttpRequest, state: &State) -> Self {
        let names = state.cookie_names();
        let headers = request.headers();
        let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self {
            origin: super::origin(request),
            session: read(headers, names.session).map(|value| Secret::new(value.to_owned())),
            form_binding: read(headers, names.browser).map(str::to_owned),
            user_agent: user_agent.map(str::to_owned),
        }
    }

    /// As the service takes it.
    pub fn visit(&self) -> Visit<'_> {
        Visit {
            origin: &self.origin,
            session: self.session.as_ref(),
            browser: self.form_binding.as_deref(),
            user_agent: self.user_agent.as_deref(),
        }
    }

    /// Where the request came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}
