import { createServer } from 'node:http'
const metadata = "{\n  \"resource\": \"http://127.0.0.1:25992/mcp\",\n  \"authorization_servers\": [\n    \"http://localhost:25993\"\n  ],\n  \"scopes_supported\": [\n    \"tools:call\",\n    \"tools:admin\"\n  ],\n  \"bearer_methods_supported\": [\n    \"header\"\n  ]\n}"
createServer((request, response) => {
  if (request.url !== '/.well-known/oauth-protected-resource/mcp') return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'application/json' }).end(metadata)
}).listen(25992, '127.0.0.1').unref()
import { listen, report } from './conversation.mjs'
await listen()
import { auth } from "@modelcontextprotocol/client"

const kept = {}
const provider = {
  redirectUrl: "https://mine.example.test/callback",
  clientMetadata: { redirect_uris: ["https://mine.example.test/callback"] },
  clientInformation: () => ({ client_id: "WKTGma2qRsnVPv8YYn7ygw" }),
  state: () => (kept.state = crypto.randomUUID()),
  tokens: () => kept.tokens,
  saveTokens: (tokens) => { kept.tokens = tokens },
  redirectToAuthorization: (to) => { kept.to = to },
  saveCodeVerifier: (verifier) => { kept.verifier = verifier },
  codeVerifier: () => kept.verifier,
  saveDiscoveryState: (discovery) => { kept.discovery = discovery },
  discoveryState: () => kept.discovery,
}
const serverUrl = "http://127.0.0.1:25992/mcp"
const scope = "offline_access tools:call"

// Before sign-in: open `to` in the person's browser.
await auth(provider, { serverUrl, scope })
const to = kept.to


report('to', { url: to.href })
const url = new URL((await listen()).callback)
// At the redirect URI: `url` is the address that was called.
const answer = url.searchParams
if (answer.get("state") !== kept.state) throw new Error("This answers another request.")
await auth(provider, {
  serverUrl,
  scope,
  authorizationCode: answer.get("code"),
  iss: answer.get("iss"),
})
const tokens = kept.tokens
console.error(tokens.scope)
// Then: new StreamableHTTPClientTransport(new URL(serverUrl), { authProvider: provider })
report('tokens', tokens)
process.stdin.destroy()
