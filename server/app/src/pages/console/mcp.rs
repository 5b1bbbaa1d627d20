//! How an MCP client is brought to an MCP server, which is an API: both sides of it
//! (Model Context Protocol, Authorization; RFC 9728; RFC 8707).

use super::snippets::{Snippet, apis, quoted, redirect_uri};
use serde_json::json;
use signet_protocol::client::Client;
use signet_protocol::resource::Resource;
use url::Url;

/// For the first API that the client may call; none: it may call none.
pub(super) fn mcp(issuer: &str, client: &Client, resources: &[Resource]) -> Vec<Snippet> {
    let Some(api) = apis(client, resources).into_iter().next() else { return Vec::new() };
    let Some(metadata) = well_known(api.identifier.as_str()) else { return Vec::new() };
    vec![
        Snippet { title: "MCP · @modelcontextprotocol/client", text: at_client(client, api) },
        Snippet {
            title: "MCP · OAuth Protected Resource Metadata", text: at_server(issuer, api, &metadata)
        },
    ]
}

/// RFC 9728 §3.1: the well-known path stands between the host and the path of the resource's identifier.
fn well_known(identifier: &str) -> Option<String> {
    let mut url = Url::parse(identifier).ok()?;
    let path = format!("/.well-known/oauth-protected-resource{}", url.path().trim_end_matches('/'));
    url.host()?;
    url.set_path(&path);
    Some(url.to_string())
}

fn at_server(issuer: &str, api: &Resource, metadata: &str) -> String {
    let document = json!({
        "resource": api.identifier.as_str(),
        "authorization_servers": [issuer],
        "scopes_supported": api.scopes.iter().collect::<Vec<_>>(),
        "bearer_methods_supported": ["header"],
    });
    format!(
        "401 Unauthorized, to whoever comes without a token:
WWW-Authenticate: Bearer resource_metadata={}

200 OK, at {metadata}:
{document:#}",
        quoted(metadata)
    )
}

fn at_client(client: &Client, api: &Resource) -> String {
    let own: Vec<&str> = client.scope.iter().collect();
    format!(
        "import {{ auth }} from \"@modelcontextprotocol/client\"

const kept = {{}}
const provider = {{
  redirectUrl: {redirect},
  clientMetadata: {{ redirect_uris: [{redirect}] }},
  clientInformation: () => ({{ client_id: {id} }}),
  state: () => (kept.state = crypto.randomUUID()),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => {{ kept.tokens = tokens }},
  redirectToAuthorization: (to) => {{ kept.to = to }},
  saveCodeVerifier: (verifier) => {{ kept.verifier = verifier }},
  codeVerifier: () => kept.verifier,
  saveDiscoveryState: (discovery) => {{ kept.discovery = discovery }},
  discoveryState: () => kept.discovery,
}}
const serverUrl = {api}
const scope = {scope}

// Before sign-in: open `to` in the person's browser.
await auth(provider, {{ serverUrl, scope }})
const to = kept.to

// At the redirect URI: `url` is the address that was called.
const answer = url.searchParams
if (answer.get(\"state\") !== kept.state) throw new Error(\"This answers another request.\")
await auth(provider, {{
  serverUrl,
  scope,
  authorizationCode: answer.get(\"code\"),
  iss: answer.get(\"iss\"),
}})
const tokens = kept.tokens
console.log(tokens.scope)
// Then: new StreamableHTTPClientTransport(new URL(serverUrl), {{ authProvider: provider }})",
        redirect = quoted(redirect_uri(client)),
        scope = quoted(&own.join(" ")),
        id = quoted(client.client_id.as_str()),
        api = quoted(api.identifier.as_str()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9728 §3.1.
    #[test]
    fn the_well_known_path_stands_before_the_path_of_the_resource() {
        for (identifier, expected) in [
            ("https://api.example.test", "https://api.example.test/.well-known/oauth-protected-resource"),
            (
                "https://api.example.test/mcp",
                "https://api.example.test/.well-known/oauth-protected-resource/mcp",
            ),
            (
                "https://api.example.test/a/?x=y",
                "https://api.example.test/.well-known/oauth-protected-resource/a?x=y",
            ),
        ] {
            assert_eq!(well_known(identifier).as_deref(), Some(expected));
        }
        assert_eq!(well_known("urn:example:api"), None);
    }
}
