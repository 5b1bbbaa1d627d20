//! How a client is brought into an application: to be pasted, with this client's own values. A secret is never among
//! them: it comes from the environment.

use super::mcp::mcp;
use serde::Serialize;
use signet_protocol::client::{ApplicationType, AuthMethod, Client, GrantType};
use signet_protocol::metadata::paths;
use signet_protocol::resource::Resource;

/// Something to paste.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// What it is for: names, which are no language's.
    pub title: &'static str,
    /// The text.
    pub text: String,
}

/// Everything there is to paste for a client.
pub fn snippets(issuer: &str, client: &Client, resources: &[Resource]) -> Vec<Snippet> {
    let mut snippets = Vec::new();
    if client.may_use(GrantType::AuthorizationCode) {
        match client.token_endpoint_auth_method {
            AuthMethod::None if client.application_type == ApplicationType::Native => {
                let mcp = mcp(issuer, client, resources);
                if client.scope.contains("openid") || mcp.is_empty() {
                    snippets.push(Snippet { title: "Node.js · openid-client", text: node(issuer, client) });
                }
                snippets.extend(mcp);
            }
            AuthMethod::None => {
                snippets.push(Snippet { title: "oidc-client-ts", text: browser(issuer, client) });
            }
            AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => {
                snippets.push(Snippet { title: "Node.js · openid-client", text: node(issuer, client) });
                snippets
                    .push(Snippet { title: "Spring Boot · application.yml", text: spring(issuer, client) });
            }
            AuthMethod::PrivateKeyJwt => {}
        }
    }
    if client.may_use(GrantType::ClientCredentials)
        && client.token_endpoint_auth_method == AuthMethod::ClientSecretBasic
    {
        snippets.push(Snippet { title: "curl", text: curl(issuer, client, resources) });
    }
    snippets
}

pub(super) fn redirect_uri(client: &Client) -> &str {
    client.redirect_uris.first().map_or("", |uri| uri.as_str())
}

/// What stands in a string literal: identifiers and URIs have no control characters.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn node(issuer: &str, client: &Client) -> String {
    let http = issuer.starts_with("http:");
    let insecure = if http { ",\n  { execute: [oidc.allowInsecureRequests] }," } else { "," };
    let authentication = match client.token_endpoint_auth_method {
        AuthMethod::None => "None()",
        AuthMethod::ClientSecretPost => "ClientSecretPost(process.env.CLIENT_SECRET)",
        _ => "ClientSecretBasic(process.env.CLIENT_SECRET)",
    };
    format!(
        "import * as oidc from \"openid-client\"

const config = await oidc.discovery(
  new URL({issuer}),
  {id},
  undefined,
  oidc.{authentication}{insecure}
)

// Before sign-in: keep verifier and state in the person's session, and redirect to `to`.
const verifier = oidc.randomPKCECodeVerifier()
const state = oidc.randomState()
const to = oidc.buildAuthorizationUrl(config, {{
  redirect_uri: {redirect},
  scope: {scope},
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: \"S256\",
  state,
}})

// At the redirect URI: `url` is the address that was called.
const tokens = await oidc.authorizationCodeGrant(config, url, {{
  pkceCodeVerifier: verifier,
  expectedState: state,
}})
console.log(tokens.claims())",
        issuer = quoted(issuer),
        id = quoted(client.client_id.as_str()),
        redirect = quoted(redirect_uri(client)),
        scope = quoted(&client.scope.to_string()),
    )
}

fn browser(issuer: &str, client: &Client) -> String {
    format!(
        "import {{ UserManager }} from \"oidc-client-ts\"

const manager = new UserManager({{
  authority: {issuer},
  client_id: {id},
  redirect_uri: {redirect},
  scope: {scope},
}})

// To sign in:
await manager.signinRedirect()

// At the redirect URI:
const user = await manager.signinRedirectCallback()
console.log(user.profile)",
        issuer = quoted(issuer),
        id = quoted(client.client_id.as_str()),
        redirect = quoted(redirect_uri(client)),
        scope = quoted(&client.scope.to_string()),
    )
}

fn spring(issuer: &str, client: &Client) -> String {
    format!(
        "spring:
  security:
    oauth2:
      client:
        provider:
          signet:
            issuer-uri: {issuer}
        registration:
          signet:
            client-id: {id}
            client-secret: ${{CLIENT_SECRET}}
            client-authentication-method: {method}
            redirect-uri: {redirect}
            scope: {scope}",
        issuer = quoted(issuer),
        id = quoted(client.client_id.as_str()),
        method = match client.token_endpoint_auth_method {
            AuthMethod::ClientSecretPost => "client_secret_post",
            _ => "client_secret_basic",
        },
        redirect = quoted(redirect_uri(client)),
        scope = quoted(&client.scope.iter().collect::<Vec<_>>().join(",")),
    )
}

fn curl(issuer: &str, client: &Client, resources: &[Resource]) -> String {
    let apis = apis(client, resources);
    // With the scopes of several APIs a token is asked for each (RFC 8707 §2).
    let resource = match apis.as_slice() {
        [first, _, ..] => {
            format!(" \\\n  --data-urlencode {}", shell(&format!("resource={}", first.identifier)))
        }
        _ => String::new(),
    };
    format!(
        "curl {endpoint} \\\n  --user {user}\"$CLIENT_SECRET\" \\\n  --data grant_type=client_credentials{resource}",
        endpoint = shell(&format!("{issuer}{}", paths::TOKEN)),
        user = shell(&format!("{}:", percent(client.client_id.as_str()))),
    )
}

/// RFC 6749 §2.3.1: the identifier is form-encoded before it goes into HTTP Basic.
fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The APIs that the client may call.
pub(super) fn apis<'a>(client: &Client, resources: &'a [Resource]) -> Vec<&'a Resource> {
    let own = |api: &&Resource| api.scopes.iter().any(|value| client.scope.contains(value));
    resources.iter().filter(own).collect()
}

/// One word of a POSIX shell.
fn shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=%+,@".contains(&byte);
    if text.bytes().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use signet_protocol::registration::ClientMetadata;

    fn client(metadata: Value) -> Client {
        serde_json::from_value::<ClientMetadata>(metadata).unwrap().register().unwrap().0
    }

    fn titles(metadata: Value) -> Vec<&'static str> {
        let made = snippets("https://id.example.test", &client(metadata), &[]);
        made.into_iter().map(|snippet| snippet.title).collect()
    }

    #[test]
    fn each_kind_of_client_gets_what_suits_it() {
        let web = json!({"client_id": "shop", "redirect_uris": ["https://shop.test/cb"]});
        assert_eq!(titles(web), ["Node.js · openid-client", "Spring Boot · application.yml"]);
        let spa = json!({"client_id": "spa", "redirect_uris": ["https://spa.test/cb"], "token_endpoint_auth_method": "none"});
        assert_eq!(titles(spa), ["oidc-client-ts"]);
        let native = json!({"client_id": "app", "redirect_uris": ["https://app.test/cb"], "application_type": "native",
            "token_endpoint_auth_method": "none"});
        let made = snippets("https://id.example.test", &client(native), &[]);
        assert!(made.len() == 1 && made[0].text.contains("oidc.None()") && !made[0].text.contains("SECRET"));
        let service = json!({"client_id": "job", "grant_types": ["client_credentials"]});
        assert_eq!(titles(service), ["curl"]);
    }

    #[test]
    fn nothing_in_a_clients_values_ends_a_literal() {
        let odd = json!({"client_id": "a'\"$(x)`;", "grant_types": ["client_credentials", "authorization_code"],
            "redirect_uris": ["https://shop.test/cb?a='b'"]});
        let texts = snippets("https://id.example.test", &client(odd), &[]);
        assert!(texts[0].text.contains(r#""a'\"$(x)`;""#), "{}", texts[0].text);
        // Form-encoded there is nothing left to quote.
        assert!(
            texts[2].text.contains("--user a%27%22%24%28x%29%60%3B:\"$CLIENT_SECRET\""),
            "{}",
            texts[2].text
        );
        assert_eq!(shell("a'b c"), r"'a'\''b c'");
    }
}
