//! Who reaches which page and which form of the console: nothing that their roles lack, whether they try the address or send a
//! form that they opened while they still had them.

use crate::console::open;
use crate::person::Site;
use signet_protocol::permission::{BuiltIn, Permission, Permissions};
use signet_tests::{Browser, Form, eventually};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// A page: its route, what stands for the names in it, what it takes to see it, its form, and what it takes to send that.
type Row =
    (&'static str, &'static str, &'static [&'static str], Option<(&'static str, &'static [&'static str])>);

/// One client, one person, one group and one role that every administrator of their kind may change.
const PAGES: &[Row] = &[
    ("/console/audit", "", &["audit:read"], None),
    ("/console/audit/{event_id}", "1", &["audit:read"], None),
    ("/console/clients", "", &["clients:read"], None),
    ("/console/new-client", "?kind=web", &["clients:write"], Some(("#client", &["clients:write"]))),
    ("/console/clients/{client_id}", "shop", &["clients:read"], Some(("#client", &["clients:write"]))),
    (CLIENT_ACTIONS, "shop/secret", &["clients:write"], Some(("#ask", &["clients:write"]))),
    (CLIENT_ACTIONS, "shop/state", &["clients:write"], Some(("#ask", &["clients:write"]))),
    (CLIENT_ACTIONS, "shop/remove", &["clients:write"], Some(("#ask", &["clients:write"]))),
    ("/console/clients/{client_id}/preview", "shop/preview", &["clients:read"], None),
    (
        "/console/clients/{client_id}/try",
        "shop/try",
        &["clients:write"],
        Some(("#trial", &["clients:write"])),
    ),
    ("/console/sessions", "", &["sessions:read"], None),
    ("/console/emergency", "", &["emergency:write"], Some(("#emergency", &["emergency:write"]))),
    ("/console/users", "", &["users:read"], None),
    ("/console/new-user", "", &["users:write"], Some(("#user", &["users:write"]))),
    ("/console/new-user", "?how=password", &["users:write"], Some(("#user", &["users:write"]))),
    ("/console/users/{user_id}", "BOB", &["users:read"], None),
    ("/console/users/{user_id}/edit", "BOB/edit", &["users:write"], Some(("#user", &["users:write"]))),
    ("/console/users/{user_id}/roles", "BOB/roles", &["users:write"], Some(("#roles", &["users:write"]))),
    ("/console/users/{user_id}/groups", "BOB/groups", &["groups:write"], Some(("#join", &["groups:write"]))),
    (USER_ACTIONS, "BOB/password", &["users:write"], Some(("#ask", &["users:write"]))),
    (USER_ACTIONS, "BOB/unlock", &["limits:write"], Some(("#ask", &["limits:write"]))),
    (USER_ACTIONS, "BOB/state", &["users:write"], Some(("#ask", &["users:write"]))),
    (USER_ACTIONS, "BOB/end-all", ENDINGS, Some(("#ask", ENDINGS))),
    (USER_ACTIONS, "BOB/remove", &["users:write"], Some(("#ask", &["users:write"]))),
    (USER_ACTIONS, "BOB/factors", &["users:write"], Some(("#ask", &["users:write"]))),
    (USER_ACTIONS, "BOB/sessions", &["sessions:write"], Some(("#ask", &["sessions:write"]))),
    (USER_ACTIONS, "BOB/sessions?which=SESSION", &["sessions:write"], Some(("#ask", &["sessions:write"]))),
    (USER_ACTIONS, "BOB/grants", &["grants:write"], Some(("#ask", &["grants:write"]))),
    (USER_ACTIONS, "BOB/grants?which=GRANT", &["grants:write"], Some(("#ask", &["grants:write"]))),
    ("/console/groups", "", &["groups:read"], None),
    ("/console/new-group", "", &["groups:write"], Some(("#group", &["groups:write"]))),
    ("/console/groups/{name}", "sales", &["groups:read"], None),
    ("/console/groups/{name}/edit", "sales/edit", &["groups:write"], Some(("#group", &["groups:write"]))),
    (
        "/console/groups/{name}/members",
        "sales/members",
        &["groups:write"],
        Some(("#join", &["groups:write"])),
    ),
    ("/console/groups/{name}/remove", "sales/remove", &["groups:write"], Some(("#ask", &["groups:write"]))),
    ("/console/roles", "", &["roles:read"], None),
    ("/console/new-role", "", &["roles:write"], Some(("#role", &["roles:write"]))),
    ("/console/roles/{name}", "clerk", &["roles:read"], None),
    ("/console/roles/{name}", "signet:owner", &["roles:read"], None),
    ("/console/roles/{name}/edit", "clerk/edit", &["roles:write"], Some(("#role", &["roles:write"]))),
    ("/console/refusals", "", &["audit:read"], None),
    ("/console/roles/{name}/remove", "clerk/remove", &["roles:write"], Some(("#ask", &["roles:write"]))),
    ("/console/overview", "", &["settings:read"], None),
    ("/console/apis", "", &["resources:read"], None),
    ("/console/new-api", "", &["resources:write"], Some(("#api", &["resources:write"]))),
    ("/console/apis/{identifier}", API, &["resources:read"], Some(("#api", &["resources:write"]))),
    (API_REMOVAL, REMOVED_API, &["resources:write"], Some(("#ask", &["resources:write"]))),
    ("/console/keys", "", &["keys:read"], Some(("#rotate", &["keys:write"]))),
    ("/console/keys/{kid}/revoke", "KEY/revoke", &["keys:write"], Some(("#ask", &["keys:write"]))),
    ("/console/limits", "", &["limits:read"], Some(("#release-address", &["limits:write"]))),
    ("/console/mails", "?state=sent", &["mails:read"], Some(("#mails-form", &["mails:write"]))),
    ("/console/mails/{mail_id}/give-up", "MAIL/give-up", &["mails:write"], Some(("#ask", &["mails:write"]))),
    ("/console/settings", "", &["settings:read"], Some(("#settings-accounts", &["settings:write"]))),
];

const API: &str = "https:%2F%2Fapi.example.test";
const API_REMOVAL: &str = "/console/apis/{identifier}/remove";
const REMOVED_API: &str = "https:%2F%2Fapi.example.test/remove";

const CLIENT_ACTIONS: &str = "/console/clients/{client_id}/{action:secret|state|remove}";
const USER_ACTIONS: &str =
    "/console/users/{user_id}/{action:password|unlock|state|end-all|remove|factors|sessions|grants}";
const ENDINGS: &[&str] = &["sessions:write", "grants:write"];

const DECLARED: &str = r#"
    [[roles]]
    name = "clerk"

    [[groups]]
    name = "sales"
    roles = ["clerk"]

    [[users]]
    username = "olga"
    password = "correct horse battery staple"
    roles = ["signet:owner"]

    # Somebody stays when the other one is administrator no more.
    [[users]]
    username = "adam"
    password = "correct horse battery staple"
    roles = ["admin"]

    [[users]]
    username = "peter"
    password = "correct horse battery staple"
    roles = ["signet:owner"]
"#;

/// Every role that lets do something but not everything, and none at all.
const ROLES: [Option<BuiltIn>; 5] = [
    Some(BuiltIn::Administrator),
    Some(BuiltIn::ClientManager),
    Some(BuiltIn::UserManager),
    Some(BuiltIn::Auditor),
    None,
];

fn covered(held: Permissions, needed: &[&str]) -> bool {
    needed.iter().all(|name| held.has(Permission::named(name).unwrap()))
}

/// What stands for names that are not known beforehand.
struct Known {
    bob: String,
    key: String,
    mail: String,
    session: String,
    grant: String,
}

fn address((route, rest, ..): &Row, known: &Known) -> String {
    let beginning = route.split("/{").next().unwrap();
    let joined = if rest.is_empty() || rest.starts_with('?') { "" } else { "/" };
    let rest = rest.replace("BOB", &known.bob).replace("KEY", &known.key).replace("MAIL", &known.mail);
    let rest = rest.replace("SESSION", &known.session).replace("GRANT", &known.grant);
    format!("{beginning}{joined}{rest}")
}

/// Somebody's identifier, as an owner finds it.
async fn identifier(browser: &Browser, username: &str) -> String {
    let list = open(browser, "olga", &format!("/console/users?search={username}")).await;
    list.follow("#users a").await.url().path().rsplit('/').next().unwrap().to_owned()
}

/// Bob, a session and a grant of his, a key, and a mail that was sent.
async fn known(site: &Site, olga: &Browser) -> Known {
    let forgot = site.browser().get("/forgot").await.form("#forgot").fill("username", "alice");
    forgot.press("#forgot-submit").await;
    site.server.mailbox().latest("alice@example.test").await;
    site.tokens(&site.signed_in("bob").await, "openid offline_access").await;
    let bob = identifier(olga, "bob").await;
    let bobs = olga.get(format!("/console/users/{bob}")).await;
    let which = |selector: &str| {
        let address = bobs.attributes(selector, "href").remove(0);
        address.split_once("?which=").unwrap().1.to_owned()
    };
    let named = async |path: &str, selector: &str, prefix: &str| {
        let mut ids = olga.get(path).await.attributes(selector, "id");
        ids.remove(0).trim_start_matches(prefix).to_owned()
    };
    eventually(Duration::from_secs(20), async || {
        olga.get("/console/mails?state=sent").await.has("#mails li")
    })
    .await;
    Known {
        key: named("/console/keys", "#keys li", "key-").await,
        mail: named("/console/mails?state=sent", "#mails li", "mail-").await,
        session: which("#user-sessions a"),
        grant: which("#user-grants a.small"),
        bob,
    }
}

/// Gives somebody these roles and no others.
async fn give(browser: &Browser, id: &str, role: Option<BuiltIn>) {
    let mut form = browser.get(format!("/console/users/{id}/roles")).await.form("#roles");
    for other in BuiltIn::ALL {
        form = form.without(&format!("role:{}", other.name()));
    }
    if let Some(role) = role {
        form = form.fill(&format!("role:{}", role.name()), "on");
    }
    let done = form.press("#roles-submit").await;
    assert!(done.has("#console-done"), "{}", done.html());
}

/// Each form, while somebody still may open it.
async fn opened(browser: &Browser, known: &Known) -> Vec<(Row, Form)> {
    let mut forms = Vec::new();
    for row in PAGES {
        let Some((selector, _)) = row.3 else { continue };
        let page = open(browser, "peter", &address(row, known)).await;
        forms.push((*row, page.form(selector)));
    }
    forms
}

#[tokio::test]
async fn nobody_reaches_a_page_or_sends_a_form_that_their_roles_lack() {
    let site = Site::declaring(DECLARED).await;
    let (olga, peter) = (site.browser(), site.browser());
    let known = known(&site, &olga).await;
    let peters = identifier(&olga, "peter").await;
    for role in ROLES {
        give(&olga, &peters, Some(BuiltIn::Owner)).await;
        let forms = opened(&peter, &known).await;
        give(&olga, &peters, role).await;
        let held = role.map_or(Permissions::NONE, BuiltIn::permissions);
        for row in PAGES {
            let path = address(row, &known);
            let expected = if covered(held, row.2) { 200 } else { 403 };
            assert_eq!(peter.get(&path).await.status(), expected, "{path} with {role:?}");
        }
        for (row, form) in forms {
            let (_, needed) = row.3.unwrap();
            if !covered(held, needed) {
                let status = form.tamper("join", "alice").submit().await.status();
                assert_eq!(status, 403, "the form of {} with {role:?}", address(&row, &known));
            }
        }
    }
    // Nothing has come of it.
    for path in ["/console/clients/shop", "/console/groups/sales", "/console/roles/clerk"] {
        assert_eq!(olga.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(olga.get(format!("/console/users/{}", known.bob)).await.status(), 200);
}

/// The routes as they stand in the console's sources.
fn routes(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            routes(&path, into);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        into.extend(text.split('"').filter(|literal| literal.starts_with("/console/")).map(str::to_owned));
    }
}

#[test]
fn every_page_of_the_console_is_in_the_matrix() {
    let mut there = BTreeSet::new();
    routes(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/app/src/http/console"), &mut there);
    let tried: BTreeSet<_> = PAGES.iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(there, tried);
}
