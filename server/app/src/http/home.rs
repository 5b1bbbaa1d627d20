//! The page at `/`.

use super::{State, page};
use crate::pages::Home;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::metadata::paths;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let home = Home {
        issuer: state.issuer.to_string(),
        discovery_url: state.issuer.url(paths::OPENID_CONFIGURATION),
        demo_url: state.demo_url.clone(),
        signed_in_as: None,
        sign_out_url: None,
        version: env!("CARGO_PKG_VERSION"),
    };
    page::show(&state, &super::extract::origin(&request), &home, page::Posts::Here)
}
