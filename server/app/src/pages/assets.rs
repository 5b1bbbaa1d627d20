//! Style, script and image files, and their addresses.

use super::PagesError;
use super::branding::Branding;
use super::templates::{Embedded, files_below};
use actix_web::web::Bytes;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use std::collections::BTreeMap;
use std::path::Path;

/// A file as it is served.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its content; clones share it.
    pub bytes: Bytes,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// A strong entity tag with its quotes (RFC 9110 §8.8.3), made from the content.
    pub etag: String,
}

impl Asset {
    fn new(bytes: impl Into<Bytes>, content_type: &'static str) -> Self {
        let bytes = bytes.into();
        let etag = format!("\"{}\"", fingerprint(&bytes));
        Self { bytes, content_type, etag }
    }
}

fn fingerprint(bytes: &[u8]) -> String {
    let hash = digest(&SHA256, bytes);
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..12])
}

/// All of them, by their path below `/assets/`.
pub(super) struct Assets(BTreeMap<String, Asset>);

impl Assets {
    /// Embedded files, those in the override folder's `assets/`, and what is made from the branding.
    pub(super) fn load(branding: &Branding, override_dir: Option<&Path>) -> Result<Self, PagesError> {
        let mut assets = BTreeMap::new();
        for name in Embedded::iter() {
            if let (Some(path), Some(file)) = (name.strip_prefix("assets/"), Embedded::get(&name)) {
                assets.insert(path.to_owned(), Asset::new(file.data.into_owned(), content_type(path)));
            }
        }
        assets.insert("theme.css".to_owned(), Asset::new(branding.theme_css(), content_type("theme.css")));
        assets.insert("icon.svg".to_owned(), Asset::new(branding.icon_svg(), content_type("icon.svg")));
        if let Some(folder) =
            override_dir.map(|folder| folder.join("assets")).filter(|folder| folder.is_dir())
        {
            for (path, file) in files_below(&folder)? {
                assets.insert(path.clone(), Asset::new(read(&file)?, content_type(&path)));
            }
        }
        if let Some(file) = &branding.logo {
            let content_type = content_type(&file.to_string_lossy());
            if !content_type.starts_with("image/") {
                return Err(PagesError::Logo { path: file.clone() });
            }
            assets.insert("logo".to_owned(), Asset::new(read(file)?, content_type));
        }
        Ok(Self(assets))
    }

    pub(super) fn get(&self, path: &str) -> Option<&Asset> {
        self.0.get(path)
    }

    /// Each file's address. It changes with the content, so browsers may keep what they have for as long as they like.
    pub(super) fn addresses(&self) -> BTreeMap<String, String> {
        let address =
            |path: &str, asset: &Asset| format!("/assets/{path}?v={}", asset.etag.trim_matches('"'));
        self.0
            .iter()
            .filter(|(path, _)| is_plain(path))
            .map(|(path, asset)| (path.clone(), address(path, asset)))
            .collect()
    }
}

/// Only names that need no escaping in an address or in HTML can be linked.
fn is_plain(path: &str) -> bool {
    path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b))
}

fn read(path: &Path) -> Result<Vec<u8>, PagesError> {
    std::fs::read(path).map_err(|error| PagesError::unreadable(path, &error))
}

/// By the name's ending. Anything else is sent as bytes, which a browser will not interpret.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
