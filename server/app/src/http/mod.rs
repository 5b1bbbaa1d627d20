//! HTTP: one file per endpoint. A handler reads the request, calls the service, and renders what it answers.

mod account;
mod admin;
mod answer;
mod assets;
mod authorize;
mod change_email;
mod consent;
mod console;
mod cookies;
mod cors;
mod detour;
mod discovery;
mod document;
mod enrol;
mod extract;
mod forgot;
mod health;
mod home;
mod introspect;
mod join;
mod jwks;
mod links;
mod logout;
mod observe;
mod outcome;
mod page;
mod refused;
mod register;
mod reset;
mod revoke;
mod routes;
mod second_factor;
mod select_account;
pub mod server;
mod sign_in;
mod token;
mod unknown;
mod userinfo;
mod verify_email;
mod visitor;

pub use admin::answers;
pub use console::CONSOLE;
pub use extract::accepted;

use crate::config::Issuer;
use crate::pages::{Pages, WebLink};
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, web};
use cookies::CookieNames;
use ipnet::IpNet;
use signet_protocol::environment::{Clock, Random};
use signet_service::Service;
use std::sync::{Arc, OnceLock};

/// What handlers work with. Cloning it is cheap.
#[derive(Clone)]
pub struct State(Arc<Shared>);

/// What every worker shares.
struct Shared {
    parts: Parts,
    /// The administration API's description, made when it is first asked for.
    description: OnceLock<admin::Description>,
}

/// What a [`State`] is made of.
pub struct Parts {
    /// The use cases.
    pub service: Service,
    /// The pages and their files.
    pub pages: Arc<Pages>,
    /// For request ids.
    pub clock: Clock,
    /// For request ids, too.
    pub random: Random,
    /// The issuer identifier; links are made from it alone, and its path is where the endpoints are.
    pub issuer: Issuer,
    /// Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The demo application, while there is one.
    pub demo_url: Option<WebLink>,
    /// The folder that mails are written into, on a server for this machine.
    pub mail_folder: Option<String>,
}

impl State {
    /// The state of a server.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Shared { parts, description: OnceLock::new() }))
    }

    /// The administration API's description.
    fn description(&self) -> &admin::Description {
        self.0.description.get_or_init(|| admin::Description::of(self.issuer.as_str()))
    }

    /// A path of ours as a browser on our origin sees it.
    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.issuer.path())
    }

    fn cookie_names(&self) -> &'static CookieNames {
        CookieNames::of(&self.issuer)
    }
}

impl std::ops::Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0.parts
    }
}

/// The whole application: every route, and what happens to each request and answer.
pub fn app(
    state: State,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>,
> {
    let observer = observe::Observer::new(
        (state.clock.clone(), state.random.clone()),
        state.trusted_proxies.clone(),
        state.issuer.is_https(),
        state.service.refusals.clone(),
    );
    App::new()
        .app_data(web::Data::new(state.clone()))
        .configure(|config| routes::configure(config, &state.issuer))
        .wrap_fn(move |request, service| observer.observe(request, service))
}
