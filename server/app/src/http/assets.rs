//! Style, script and image files of the pages.

use super::document::document;
use super::{State, unknown};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

/// `GET /assets/…`. Addresses on our pages change with the content, so those may be kept for good.
pub async fn get(request: HttpRequest, path: Path<String>, state: Data<State>) -> HttpResponse {
    let Some(asset) = state.pages.asset(&path) else { return unknown::path(request).await };
    let version = request.query_string().strip_prefix("v=");
    let cache_control = if version == Some(asset.etag.trim_matches('"')) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    document(&request, asset.bytes.clone(), &asset.etag, (asset.content_type, cache_control))
}
