//! A person's own account. Every page has its file: `get` shows it, `post` takes its form.

mod applications;
mod data;
mod delete;
mod email;
mod entrance;
mod history;
mod overview;
mod password;
mod profile;
mod security;
mod sessions;

use super::routes::{get, get_only, resource};
use crate::config::Issuer;
use crate::pages::Words;
use actix_web::web;
use signet_service::authorize::{AccountPage, Onward};

/// One of the account's pages.
pub struct Place {
    /// Its path, below the issuer's.
    pub path: &'static str,
    /// Whether a sign-in of a moment ago is needed: something that protects the account is changed there, or all of it
    /// given away.
    fresh: bool,
    /// Where to go from a page on which a factor is set up.
    enrols: Option<(&'static str, &'static str)>,
}

impl Place {
    const fn open(path: &'static str) -> Self {
        Self { path, fresh: false, enrols: None }
    }

    const fn guarded(path: &'static str) -> Self {
        Self { path, fresh: true, enrols: None }
    }

    /// A factor is set up there; the paths are for when it is, and for when it is not.
    const fn enrolling(path: &'static str, done: &'static str, back: &'static str) -> Self {
        Self { path, fresh: true, enrols: Some((done, back)) }
    }

    /// As the way there needs it.
    fn page(&self) -> AccountPage {
        let onward = |(done, back): (&str, &str)| Onward { done: done.to_owned(), back: back.to_owned() };
        let (path, fresh, enrols) = (self.path.to_owned(), self.fresh, self.enrols.map(onward));
        AccountPage { path, fresh, console: false, enrols }
    }
}

/// The account's first page.
pub static OVERVIEW: Place = Place::open("/account");
static PROFILE: Place = Place::open("/account/profile");
static EMAIL: Place = Place::guarded("/account/email");
static PASSWORD: Place = Place::guarded("/account/password");
static SECURITY: Place = Place::guarded("/account/security");
static ADD_APP: Place =
    Place::enrolling("/account/security/app", "/account/security?done=app", "/account/security");
static ADD_PASSKEY: Place =
    Place::enrolling("/account/security/passkey", "/account/security?done=passkey", "/account/security");
static SESSIONS: Place = Place::open("/account/devices");
static APPLICATIONS: Place = Place::open("/account/applications");
static HISTORY: Place = Place::open("/account/activity");
static DATA: Place = Place::open("/account/data");
static EXPORT: Place = Place::guarded("/account/data/export");
static DELETE: Place = Place::guarded("/account/delete");
static KEEP: Place = Place::open("/account/keep");

/// The pages that each page leads to, in the order in which they are shown, each with what it is called.
static PAGES: [(&Place, Words); 9] = [
    (&OVERVIEW, Words("account-overview")),
    (&PROFILE, Words("account-profile")),
    (&EMAIL, Words("account-email")),
    (&PASSWORD, Words("account-password")),
    (&SECURITY, Words("account-security")),
    (&SESSIONS, Words("account-sessions")),
    (&APPLICATIONS, Words("account-applications")),
    (&HISTORY, Words("account-history")),
    (&DATA, Words("account-data")),
];

/// What a page can say was just done, by the word that stands in its address.
const DONE: [(&str, Words); 20] = [
    ("profile", Words("done-profile")),
    ("password", Words("done-password")),
    ("app", Words("done-app")),
    ("app-removed", Words("done-app-removed")),
    ("passkey", Words("done-passkey")),
    ("passkey-renamed", Words("done-passkey-renamed")),
    ("passkey-removed", Words("done-passkey-removed")),
    ("forgotten", Words("done-forgotten")),
    ("all-forgotten", Words("done-all-forgotten")),
    ("email-asked", Words("done-email-asked")),
    ("email-again", Words("done-email-again")),
    ("email-cancelled", Words("done-email-cancelled")),
    ("email-verified", Words("done-email-verified")),
    ("verify-sent", Words("done-verify-sent")),
    ("session", Words("done-session")),
    ("sessions", Words("done-sessions")),
    ("withdrawn", Words("done-withdrawn")),
    ("kept", Words("done-kept")),
    ("old", Words("done-old")),
    ("overtaken", Words("done-overtaken")),
];

/// The account's routes.
pub fn configure(config: &mut web::ServiceConfig, issuer: &Issuer) {
    let at = |place: &Place| format!("{}{}", issuer.path(), place.path);
    let both = "GET, HEAD, POST";
    let pages = [
        resource(at(&OVERVIEW), both).route(get().to(overview::get)).route(web::post().to(email::verify)),
        resource(at(&PROFILE), both).route(get().to(profile::get)).route(web::post().to(profile::post)),
        resource(at(&EMAIL), both).route(get().to(email::get)).route(web::post().to(email::post)),
        resource(at(&PASSWORD), both).route(get().to(password::get)).route(web::post().to(password::post)),
        resource(at(&SECURITY), both).route(get().to(security::get)).route(web::post().to(security::post)),
        resource(at(&ADD_APP), "GET").route(web::get().to(security::add_app)),
        resource(at(&ADD_PASSKEY), "GET").route(web::get().to(security::add_passkey)),
        resource(at(&SESSIONS), both).route(get().to(sessions::get)).route(web::post().to(sessions::post)),
        resource(at(&APPLICATIONS), both)
            .route(get().to(applications::get))
            .route(web::post().to(applications::post)),
        get_only(at(&HISTORY)).route(get().to(history::get)),
        get_only(at(&DATA)).route(get().to(data::get)),
        resource(at(&EXPORT), "GET").route(web::get().to(data::export)),
        resource(at(&DELETE), both).route(get().to(delete::get)).route(web::post().to(delete::post)),
        resource(at(&KEEP), both).route(get().to(delete::to_keep)).route(web::post().to(delete::keep)),
    ];
    for page in pages {
        config.service(page);
    }
}
