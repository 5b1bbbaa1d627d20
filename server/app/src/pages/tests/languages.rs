//! Pages in every language, and an operator's own words.

use super::*;

#[test]
fn every_page_says_its_language() {
    for language in pages().languages().all() {
        for (name, html) in rendered_in(language) {
            assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")), "{name}");
        }
    }
}

#[test]
fn a_page_is_in_the_language_that_it_is_asked_for() {
    let pages = pages();
    let html = |language: &str| pages.render(&sign_in("Shop"), &Language::parse(language).unwrap()).unwrap();
    assert!(html("en").contains("<h1>Sign in</h1>"));
    assert!(html("de").contains("<h1>Anmelden</h1>"));
    assert!(html("fr").contains("<h1>Sign in</h1>"), "the default");
}

#[test]
fn numbers_agree_with_their_words() {
    let pages = pages();
    let html = |seconds, language: &Language| {
        let problem = Some(SignInProblem::Limited { wait: Wait(seconds) });
        pages.render(&SignIn { problem, ..sign_in("Shop") }, language).unwrap()
    };
    for (seconds, words) in [(1, "a second,"), (2, "2 seconds,"), (120, "2 minutes,"), (7200, "2 hours,")] {
        assert!(html(seconds, &english()).contains(&format!("Please wait {words}")), "{seconds}");
    }
    for (seconds, words) in [(1, "eine Sekunde"), (120, "2 Minuten"), (7200, "2 Stunden")] {
        assert!(html(seconds, &german()).contains(&format!("Bitte warten Sie {words} und")), "{seconds}");
    }
}

#[test]
fn a_name_stands_in_its_sentence_as_a_text_of_its_own_direction() {
    let html = pages().render(&sign_in("<b>Shop</b> & {Co}"), &english()).unwrap();
    let expected = "to continue to <bdi class=\"subject\">&lt;b&gt;Shop&lt;&#x2f;b&gt; &amp; {Co}</bdi></p>";
    assert!(html.contains(expected), "{html}");
}

/// Markup is put into a message by a placeholder: a value that holds one puts nothing anywhere.
#[test]
fn a_value_cannot_call_for_another_ones_markup() {
    let placeholder = "\u{fdd0}0\u{fdd1}";
    let text = format!(
        "{{% from 'macros.html' import subject %}}{{{{ t('both', a=subject(client_name), b='{placeholder}', c=subject('{placeholder}1')) }}}}"
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("messages/en")).unwrap();
    std::fs::create_dir_all(folder.path().join("messages/de")).unwrap();
    for language in ["en", "de"] {
        let file = folder.path().join("messages").join(language).join("own.ftl");
        std::fs::write(file, "both = [{ $a }|{ $b }|{ $c }]<\n").unwrap();
    }
    std::fs::write(folder.path().join("sign_in.html"), text).unwrap();
    let pages = Pages::load(Branding::default(), Some(folder.path().to_owned())).unwrap();
    let html = pages.render(&sign_in("Shop"), &english()).unwrap();
    assert_eq!(html.matches("Shop").count(), 1, "{html}");
    assert!(html.ends_with("]&lt;"), "{html}");
}

#[test]
fn an_operators_message_takes_the_place_of_the_built_in_one() {
    let (_folder, pages) = overriding("messages/en/own.ftl", "sign-in-username = Member number\n");
    let html = pages.unwrap().render(&sign_in("Shop"), &english()).unwrap();
    assert!(html.contains(">Member number</label>"));
    assert!(html.contains(">Password</label>"));
}

#[test]
fn a_complete_folder_is_one_more_language() {
    let folder = tempfile::tempdir().unwrap();
    let messages = folder.path().join("messages/ar");
    std::fs::create_dir_all(&messages).unwrap();
    for name in templates::Embedded::iter() {
        if let Some(file) = name.strip_prefix("messages/en/") {
            std::fs::write(messages.join(file), templates::Embedded::get(&name).unwrap().data).unwrap();
        }
    }
    let pages = Pages::load(Branding::default(), Some(folder.path().to_owned())).unwrap();
    let tags: Vec<_> = pages.languages().all().iter().map(Language::tag).collect();
    assert_eq!(tags, ["ar", "de", "en"]);
    let html = pages.render(&sign_in("Shop"), &Language::parse("ar").unwrap()).unwrap();
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
}

#[test]
fn an_incomplete_language_is_refused_by_its_message() {
    let (_folder, pages) = overriding("messages/fr/all.ftl", "sign-in-title = Connexion\n");
    let error = pages.err().unwrap().to_string();
    assert!(error.starts_with("messages/fr: the message ") && error.ends_with(" is missing"), "{error}");
}

#[test]
fn a_message_that_wants_what_nobody_gives_it_is_refused() {
    let (_folder, pages) = overriding("messages/de/own.ftl", "sign-in-title = Anmelden bei { $shop }\n");
    let error = pages.err().unwrap().to_string();
    assert_eq!(error, "messages/de: the message sign-in-title is not given $shop");
}

#[test]
fn a_broken_message_file_is_refused_with_file_and_line() {
    let (folder, pages) = overriding("messages/en/own.ftl", "a = b\n\nsign-in-title\n");
    let error = pages.err().unwrap().to_string();
    let file = folder.path().join("messages/en/own.ftl");
    assert!(error.starts_with(&format!("messages {}, line 3: ", file.display())), "{error}");
}

#[test]
fn a_template_that_says_what_there_is_no_message_for_is_refused() {
    for (call, reason) in [
        ("t('no-such-message')", "there is no message"),
        ("t('sign-in-to-continue')", "needs client"),
        ("t('sign-in-title', client='x')", "takes no client"),
    ] {
        let (_folder, pages) = overriding("sign_in.html", &format!("{{{{ {call} }}}}"));
        let error = pages.err().unwrap().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_default_language_without_messages_is_refused() {
    let branding = Branding { language: "fr".to_owned(), ..Branding::default() };
    let error = Pages::load(branding, None).err().unwrap().to_string();
    assert_eq!(error, "branding.language: there are no messages in \"fr\", only in de, en");
}

#[test]
fn the_default_language_is_spoken_to_whoever_wants_no_other() {
    let branding = Branding { language: "DE".to_owned(), ..Branding::default() };
    let pages = Pages::load(branding, None).unwrap();
    assert_eq!(pages.languages().default_language(), &german());
}
