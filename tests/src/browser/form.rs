//! Forms, with the successful controls that HTML defines (HTML §4.10.22).

use super::page::parse;
use super::{Browser, Page};
use reqwest::Method;
use scraper::{ElementRef, Html};
use url::Url;

/// A button of the form: what it adds when it is pressed.
#[derive(Clone)]
struct Button {
    id: Option<String>,
    field: Option<(String, String)>,
    action: Option<Url>,
}

/// A form as it was read from a page. Fill it in, then submit it or press one of its buttons.
#[derive(Clone)]
pub struct Form {
    browser: Browser,
    page: Url,
    method: Method,
    action: Url,
    /// Every named control that can be filled in, whether it is successful now or not.
    known: Vec<String>,
    fields: Vec<(String, String)>,
    buttons: Vec<Button>,
}

impl Form {
    /// Sets a control. The test fails if the form has none of that name.
    #[track_caller]
    pub fn fill(self, name: &str, value: &str) -> Self {
        assert!(self.known.iter().any(|n| n == name), "no `{name}` among {:?}", self.known);
        self.tamper(name, value)
    }

    /// Sets a field whether the form has it or not, as an attacker would.
    pub fn tamper(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(n, _)| n == name) {
            Some(field) => field.1 = value.to_owned(),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Leaves a field out: unticks a box, drops a hidden value.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(n, _)| n != name);
        self
    }

    /// Sends it to another path of the same server, as an attacker would.
    pub fn to(mut self, path: &str) -> Self {
        self.action = self.page.join(path).expect("a path");
        self.buttons.iter_mut().for_each(|button| button.action = None);
        self
    }

    /// Where it goes.
    pub fn action(&self) -> &Url {
        &self.action
    }

    /// What it would send, without a button.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Submits it as the Enter key does: through its first button.
    pub async fn submit(self) -> Page {
        let button = self.buttons.first().cloned();
        self.send(button).await
    }

    /// Sends what it holds and the value of no button, as an attacker's script would.
    pub async fn send_as_it_is(self) -> Page {
        self.send(None).await
    }

    /// Presses the button with this id (`#id` or `id`).
    pub async fn press(self, id: &str) -> Page {
        let wanted = id.trim_start_matches('#');
        let button = self.buttons.iter().find(|button| button.id.as_deref() == Some(wanted)).cloned();
        let Some(button) = button else {
            let ids: Vec<_> = self.buttons.iter().map(|button| &button.id).collect();
            panic!("no button `{wanted}` among {ids:?} at {}", self.page);
        };
        self.send(Some(button)).await
    }

    async fn send(mut self, button: Option<Button>) -> Page {
        let mut action = self.action;
        if let Some(button) = button {
            self.fields.extend(button.field);
            action = button.action.unwrap_or(action);
        }
        self.browser.submit(&self.page, self.method, action, &self.fields).await
    }
}

/// Reads `form` from the document at `page`.
pub(super) fn read(browser: Browser, page: &Url, html: &Html, form: ElementRef) -> Form {
    let resolve = |target: &str| page.join(target).unwrap_or_else(|e| panic!("form target {target:?}: {e}"));
    let method = match form.attr("method").unwrap_or("get").to_ascii_lowercase().as_str() {
        "post" => Method::POST,
        _ => Method::GET,
    };
    let mut result = Form {
        browser,
        page: page.clone(),
        method,
        action: resolve(form.attr("action").unwrap_or("")),
        known: Vec::new(),
        fields: Vec::new(),
        buttons: Vec::new(),
    };
    for control in html.select(&parse("input, select, textarea, button")) {
        if !belongs(control, form) || control.attr("disabled").is_some() {
            continue;
        }
        if is_button(control) {
            let named = |name: &str| (name.to_owned(), control.attr("value").unwrap_or("").to_owned());
            result.buttons.push(Button {
                id: control.attr("id").map(str::to_owned),
                field: control.attr("name").map(named),
                action: control.attr("formaction").map(resolve),
            });
        } else if let Some(name) = control.attr("name") {
            result.known.push(name.to_owned());
            result.fields.extend(value(control).map(|value| (name.to_owned(), value)));
        }
    }
    result
}

/// Inside the form, or tied to it by its `form` attribute.
fn belongs(control: ElementRef, form: ElementRef) -> bool {
    match control.attr("form") {
        Some(owner) => form.attr("id") == Some(owner),
        None => control.ancestors().any(|node| node.id() == form.id()),
    }
}

fn is_button(control: ElementRef) -> bool {
    match control.value().name() {
        "button" => matches!(control.attr("type"), None | Some("submit")),
        "input" => control.attr("type") == Some("submit"),
        _ => false,
    }
}

/// The value that a control contributes before anybody touches it; `None` if it contributes none.
fn value(control: ElementRef) -> Option<String> {
    let own = || control.attr("value").map(str::to_owned);
    match control.value().name() {
        "textarea" => Some(control.text().collect()),
        "select" => {
            let options: Vec<_> = control.select(&parse("option")).collect();
            let chosen = options.iter().find(|o| o.attr("selected").is_some()).or(options.first())?;
            Some(chosen.attr("value").map_or_else(|| chosen.text().collect(), str::to_owned))
        }
        "button" => None,
        _ => match control.attr("type").unwrap_or("text") {
            "checkbox" | "radio" => control.attr("checked").map(|_| own().unwrap_or_else(|| "on".to_owned())),
            "reset" | "button" | "image" | "file" => None,
            _ => Some(own().unwrap_or_default()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(html: &str) -> Form {
        let page = Url::parse("http://localhost:1/sign-in?x=1").unwrap();
        let html = Html::parse_document(html);
        let element = html.select(&parse("#f")).next().unwrap();
        read(Browser::new("http://localhost:1"), &page, &html, element)
    }

    #[test]
    fn only_successful_controls_are_sent() {
        let form = form(
            r#"<form id=f method=POST action="/go?a=b&amp;c">
                <input type=hidden name=sealed value="a&amp;b"><input name=user>
                <input type=checkbox name=off value=1><input type=checkbox name=on checked>
                <input name=dead value=1 disabled><textarea name=note>n</textarea>
                <select name=pick><option value=1>one<option value=2 selected>two</select>
                <button id=yes name=answer value=allow>Allow</button></form>
                <input name=outside value=1><input name=tied value=t form=f>"#,
        );
        let fields: Vec<_> = form.fields().iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(fields, ["sealed=a&b", "user=", "on=on", "note=n", "pick=2", "tied=t"]);
        assert_eq!(form.action().as_str(), "http://localhost:1/go?a=b&c");
        assert_eq!(form.method, Method::POST);
        assert_eq!(form.buttons[0].field, Some(("answer".to_owned(), "allow".to_owned())));
    }

    #[test]
    fn a_form_without_action_goes_back_to_its_page() {
        assert_eq!(form("<form id=f></form>").action().as_str(), "http://localhost:1/sign-in?x=1");
    }

    #[test]
    fn filling_in_replaces_and_ticks() {
        let form = form("<form id=f><input name=a value=1><input type=checkbox name=b></form>");
        let form = form.fill("a", "2").fill("b", "on");
        assert_eq!((form.value("a"), form.value("b")), (Some("2"), Some("on")));
    }

    #[test]
    #[should_panic(expected = "no `nick`")]
    fn a_missing_field_fails_the_test() {
        let _ = form("<form id=f><input name=a></form>").fill("nick", "x");
    }
}
