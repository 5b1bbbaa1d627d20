//! The console's own address: where somebody begins who names no page.

use super::entrance::{either, enter};
use super::{CONSOLE, areas};
use crate::http::State;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use signet_protocol::error::{AuthorizeError, AuthorizeRefusal};
use signet_protocol::explanation::Rule;

/// `GET`.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let page = async {
        let administrator = enter(&request, &state, (CONSOLE.to_owned(), false)).await?;
        match areas::first(administrator.actor.permissions()) {
            Some(path) => Ok(administrator.redirect(path)),
            None => Err(administrator.refuse(&AuthorizeRefusal::new(
                AuthorizeError::AccessDenied,
                Rule::PermissionMissing,
                "your roles let you see no page of the console; the administration API may still serve you",
            ))),
        }
    };
    either(page.await)
}
