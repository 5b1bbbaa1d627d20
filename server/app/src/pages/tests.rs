use super::*;

mod dates;
mod languages;
mod words;

use signet_protocol::resource::Resource;
use signet_protocol::scope::Scope;

fn pages() -> Pages {
    Pages::load(Branding::default(), None).unwrap()
}

fn english() -> Language {
    Language::parse("en").unwrap()
}

fn german() -> Language {
    Language::parse("de").unwrap()
}

fn rendered_in(language: &Language) -> Vec<(&'static str, String)> {
    let pages = pages();
    let environment = &pages.environments[language];
    let html = |sample: &samples::Sample| try_out(environment, sample.template, &sample.context).unwrap();
    samples::all().iter().map(|sample| (sample.name, html(sample))).collect()
}

fn rendered() -> Vec<(&'static str, String)> {
    rendered_in(&english())
}

fn sign_in(client_name: &str) -> SignIn {
    SignIn {
        form: Form::to("/sign-in").with("request", "sealed"),
        passkey_form: Form::to("/passkey").with("request", "sealed"),
        passkey: None,
        client_name: Some(client_name.to_owned()),
        why: None,
        problem: None,
        username: String::new(),
        forgot_url: None,
        register_url: None,
    }
}

fn overriding(name: &str, text: &str) -> (tempfile::TempDir, Result<Pages, PagesError>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
    let pages = Pages::load(Branding::default(), Some(folder.path().to_owned()));
    (folder, pages)
}

#[test]
fn every_template_is_tried_with_a_sample() {
    let mut tried: Vec<_> = samples::all().iter().map(|sample| sample.template.to_owned()).collect();
    for letter in mail::samples() {
        tried.extend(["txt", "html"].map(|ending| format!("mail/{}.{ending}", letter.mail.kind())));
    }
    for name in templates::Embedded::iter() {
        let shared = ["assets/", "messages/"].iter().any(|folder| name.starts_with(folder))
            || ["layout.html", "layout.txt", "macros.html"].iter().any(|shared| name.ends_with(shared));
        assert!(shared || tried.iter().any(|tried| *tried == *name), "{name} has no sample");
    }
}

/// A macro hides a value of its name: a page that imports it would show the macro.
#[test]
fn no_page_shows_a_macro_in_place_of_a_value() {
    for (name, html) in rendered() {
        assert!(!html.contains("&lt;macro"), "{name}");
    }
}

#[test]
fn every_page_has_a_language_a_title_and_one_heading() {
    for (name, html) in rendered() {
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">"), "{name}");
        assert!(!html.contains("<title> ·"), "{name} has no title");
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
    }
}

/// The pages' policy is `default-src 'none'` with own files only.
#[test]
fn no_page_holds_inline_style_or_script_or_loads_from_elsewhere() {
    for (name, html) in rendered() {
        for forbidden in
            ["<style", " style=", "<script>", " onclick=", " onload=", "src=\"http", "javascript:"]
        {
            assert!(!html.contains(forbidden), "{name} holds {forbidden}");
        }
        for link in html.split("<link ").skip(1) {
            assert!(link.split('>').next().unwrap().contains("href=\"/assets/"), "{name}: {link}");
        }
    }
}

#[test]
fn every_form_is_posted_and_carries_its_hidden_fields() {
    for (name, html) in rendered() {
        for form in html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            if form.contains("role=\"search\"") {
                // It changes nothing.
                assert!(form.contains("method=\"get\""), "{name}");
                continue;
            }
            assert!(form.contains("method=\"post\""), "{name}");
            assert!(form.contains("type=\"hidden\""), "{name}");
            assert!(form.contains("type=\"submit\""), "{name}");
        }
    }
}

#[test]
fn pages_hold_the_ids_and_names_that_scripts_rely_on() {
    let rendered = rendered();
    let page = |wanted| &rendered.iter().find(|(name, _)| *name == wanted).unwrap().1;
    let expected: &[(&str, &[&str])] = &[
        (
            "sign-in",
            &[
                "id=\"login\"",
                "name=\"username\"",
                "name=\"password\"",
                "id=\"login-submit\"",
                "name=\"request\"",
            ],
        ),
        ("sign-in", &["id=\"forgot-link\"", "id=\"register-link\""]),
        ("forgot", &["id=\"forgot\"", "name=\"username\"", "id=\"forgot-submit\""]),
        ("forgot-sent", &["id=\"forgot-sent\""]),
        ("reset", &["id=\"reset\"", "name=\"password\"", "id=\"reset-submit\""]),
        ("register", &["id=\"register\"", "name=\"email\"", "id=\"register-submit\""]),
        ("register-sent", &["id=\"register-sent\""]),
        (
            "join",
            &["id=\"join\"", "name=\"username\"", "name=\"name\"", "name=\"password\"", "id=\"join-submit\""],
        ),
        ("verify-email", &["id=\"verify-email\"", "id=\"verify-email-submit\""]),
        ("link-gone-again", &["id=\"link-gone\"", "id=\"link-again\""]),
        ("consent", &["id=\"consent\"", "id=\"consent-allow\"", "id=\"consent-deny\""]),
        ("sign-out", &["id=\"logout\"", "id=\"logout-confirm\""]),
        (
            "refusal",
            &[
                "id=\"error\"",
                "id=\"error-code\">invalid_request<",
                "id=\"error-description\" lang=\"en\" dir=\"ltr\">The redirect_uri",
            ],
        ),
        ("demo-home", &["id=\"demo-sign-in\""]),
        (
            "demo-signed-in",
            &["id=\"demo-refresh\"", "id=\"demo-userinfo\"", "id=\"demo-sign-out\"", "id=\"demo-verdict\""],
        ),
        ("demo-signed-in", &["id=\"demo-id-token\"", "id=\"demo-access-token\""]),
        ("demo-signed-in-used", &["id=\"demo-userinfo-result\""]),
    ];
    for (name, parts) in expected {
        for part in *parts {
            assert!(page(*name).contains(part), "{name} lacks {part}");
        }
    }
}

#[test]
fn a_failed_sign_in_is_announced_and_tied_to_its_fields() {
    let problem = Some(SignInProblem::Limited { wait: Wait(120) });
    let html = pages().render(&SignIn { problem, ..sign_in("Shop") }, &english()).unwrap();
    assert!(html.contains("id=\"login-error\" role=\"alert\""));
    assert!(html.contains("Please wait 2 minutes"));
    assert_eq!(html.matches("aria-describedby=\"login-error\"").count(), 2);
}

#[test]
fn hostile_names_are_shown_and_not_obeyed() {
    let hostile = "\"><script>alert('x')</script>{{ product_name }}&amp;";
    let branding = Branding { product_name: hostile.to_owned(), ..Branding::default() };
    let pages = Pages::load(branding, None).unwrap();
    let consent = Consent {
        form: Form::to("/consent").with(hostile, hostile),
        client_name: hostile.to_owned(),
        client_host: Some(hostile.to_owned()),
        client_uri: None,
        policy_uri: None,
        tos_uri: None,
        scopes: scope_lines(&Scope::parse("<script>").unwrap(), &Scope::default(), &[]),
        account: hostile.to_owned(),
    };
    let signed_in = SignIn { username: hostile.to_owned(), ..sign_in(hostile) };
    for html in [pages.render(&consent, &english()).unwrap(), pages.render(&signed_in, &english()).unwrap()] {
        assert!(!html.contains("<script"));
        assert!(!html.contains("\"\">"), "an attribute was closed: {html}");
        assert!(html.contains("&lt;script&gt;alert(&#x27;x&#x27;)"));
        assert!(html.contains("{{ product_name }}&amp;amp;"));
    }
}

#[test]
fn only_web_addresses_become_links() {
    for address in
        ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "/relative", "", "shop.example.test"]
    {
        assert_eq!(WebLink::new(address), None, "{address}");
    }
    assert!(WebLink::new("https://shop.example.test/").is_some());
}

#[test]
fn scopes_are_said_in_plain_words_or_by_value_with_their_api() {
    let api: Resource = serde_json::from_value(serde_json::json!({
        "identifier": "https://api.example.test", "scopes": ["orders:read"], "signing_alg": "ES256",
        "introspection_clients": [], "access_token_lifetime": null,
    }))
    .unwrap();
    let scope = Scope::parse("openid orders:read other").unwrap();
    let new = Scope::parse("orders:read").unwrap();
    let lines = scope_lines(&scope, &new, &[api]);
    assert_eq!(lines[0].title, Some(Words("scope-openid")));
    assert_eq!((lines[1].title, lines[1].api.as_deref()), (None, Some("https://api.example.test")));
    assert_eq!((lines[2].value.as_str(), lines[2].api.as_deref()), ("other", None));
    assert_eq!(lines.iter().map(|line| line.is_new).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn a_first_consent_marks_nothing_as_new() {
    let scope = Scope::parse("openid email").unwrap();
    assert!(scope_lines(&scope, &scope, &[]).iter().all(|line| !line.is_new));
}

#[test]
fn an_override_takes_the_place_of_a_built_in_template() {
    let text = "{% extends 'layout.html' %}{% block content %}Welcome to {{ client_name }}{% endblock %}";
    let (_folder, pages) = overriding("sign_in.html", text);
    let html = pages.unwrap().render(&sign_in("Shop"), &english()).unwrap();
    assert!(html.contains("Welcome to Shop"));
    assert!(!html.contains("id=\"login\""));
}

#[test]
fn an_override_that_does_not_compile_is_refused_with_file_and_line() {
    let (folder, pages) = overriding("demo/home.html", "<p>\n{% if signed_out %}\n<p>");
    let error = pages.err().unwrap().to_string();
    let file = folder.path().join("demo/home.html");
    assert!(error.starts_with(&format!("template {}, line 3: syntax error", file.display())), "{error}");
}

#[test]
fn an_override_with_a_value_that_its_page_lacks_is_refused_with_file_and_line() {
    let (folder, pages) = overriding("sign_in.html", "<p>\n{{ usernam }}\n</p>");
    let error = pages.err().unwrap().to_string();
    let file = folder.path().join("sign_in.html");
    assert!(error.starts_with(&format!("template {}, line 2: undefined value", file.display())), "{error}");
    assert!(error.contains("usernam"), "{error}");
}

#[test]
fn a_broken_layout_is_blamed_and_not_the_page_that_extends_it() {
    let (folder, pages) =
        overriding("layout.html", "<title>{{ product_name }}</title>\n{{ asset('nothing.css') }}");
    let error = pages.err().unwrap().to_string();
    let file = folder.path().join("layout.html");
    assert!(error.starts_with(&format!("template {}, line 2", file.display())), "{error}");
    assert!(error.contains("nothing.css"), "{error}");
}

#[test]
fn a_missing_override_folder_is_refused_by_name() {
    let error = Pages::load(Branding::default(), Some("/nonexistent/pages".into())).err().unwrap();
    assert!(error.to_string().starts_with("cannot read /nonexistent/pages: "), "{error}");
}

#[test]
fn override_assets_replace_and_add_to_the_built_in_ones() {
    let (_folder, pages) = overriding("assets/theme.css", ":root { --accent: red }");
    let pages = pages.unwrap();
    assert_eq!(pages.asset("theme.css").unwrap().bytes, ":root { --accent: red }");
    let (_folder, pages) = overriding("assets/img/back.png", "png");
    assert_eq!(pages.unwrap().asset("img/back.png").unwrap().content_type, "image/png");
}

#[test]
fn assets_are_found_by_their_exact_name_alone() {
    let pages = pages();
    assert_eq!(pages.asset("signet.css").unwrap().content_type, "text/css; charset=utf-8");
    for script in ["form_post.js", "passkey.js"] {
        assert_eq!(pages.asset(script).unwrap().content_type, "text/javascript; charset=utf-8", "{script}");
    }
    for path in [
        "",
        "../layout.html",
        "layout.html",
        "/signet.css",
        "assets/signet.css",
        "logo",
        "%2e%2e/layout.html",
    ] {
        assert!(pages.asset(path).is_none(), "{path}");
    }
}

#[test]
fn an_address_changes_with_the_content_of_its_file() {
    let branded = Branding { accent_light: "#008060".parse().unwrap(), ..Branding::default() };
    let address = |pages: &Pages| {
        let html = pages.render(&sign_in("Shop"), &english()).unwrap();
        html.split('"').find(|part| part.starts_with("/assets/theme.css?v=")).unwrap().to_owned()
    };
    let (before, after) = (pages(), Pages::load(branded, None).unwrap());
    assert_ne!(address(&before), address(&after));
    assert_ne!(before.asset("theme.css").unwrap().etag, after.asset("theme.css").unwrap().etag);
}

#[test]
fn a_configured_logo_is_served_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("brand.svg");
    std::fs::write(&logo, "<svg/>").unwrap();
    let pages = Pages::load(Branding { logo: Some(logo), ..Branding::default() }, None).unwrap();
    assert_eq!(pages.asset("logo").unwrap().content_type, "image/svg+xml");
    assert!(
        pages
            .render(&sign_in("Shop"), &english())
            .unwrap()
            .contains("<img class=\"logo\" src=\"/assets/logo?v=")
    );
}

#[test]
fn a_logo_that_is_missing_or_no_image_is_refused_by_name() {
    for logo in ["/nonexistent/logo.png", "/etc/hostname"] {
        let branding = Branding { logo: Some(logo.into()), ..Branding::default() };
        assert!(Pages::load(branding, None).err().unwrap().to_string().contains(logo));
    }
}
