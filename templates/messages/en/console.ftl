### The console, where administrators work.

console-skip = To the content
console-nav = Console
console-clients = Clients
console-account = Your account
console-again = You may look. Before you change anything here, show once more that it is you.
console-again-do = Sign in again
console-done-changed = Saved.
console-done-enabled = The client works again.
console-done-disabled = The client is disabled. Its sessions and tokens have ended.
console-done-removed = The client is removed.
console-search = Search
console-more = Show more
console-changed = Changed { $at }
console-disabled = Disabled
console-public = Without a secret

console-clients-lead = The applications that people sign in to, and the services that fetch tokens.
console-clients-none = No client is registered yet.
console-clients-not-found = No client's name or identifier holds this text.
console-new-client = Register a client

kinds-lead = What is it? The safe settings follow from that.
kinds-choose = Choose
kind-web = Web application
kind-web-detail = Runs on a server of yours and can keep a secret: Spring, Rails, Django, Next.js and the like.
kind-web-decided = It signs people in by authorization code with PKCE, authenticates with a secret, and may stay connected if its users allow it.
kind-spa = Single-page application
kind-spa-detail = Runs in the browser alone. Nothing in it is secret.
kind-spa-decided = It signs people in by authorization code with PKCE, without a secret. Scripts of its redirect URIs' origins may call this server.
kind-native = Mobile or desktop application
kind-native-detail = Is installed on people's own devices. Nothing in it is secret.
kind-native-decided = It signs people in by authorization code with PKCE in the device's browser, without a secret. People are always asked before it gets anything on this computer.
kind-agent = AI agent or MCP client
kind-agent-detail = Decides by itself what it calls for the person who signed in: an assistant, an editor, a client of MCP servers. Nothing in it is secret.
kind-agent-decided = It signs people in by authorization code with PKCE in the device's browser, without a secret, and they are always asked. Its access tokens live for five minutes, and each is for one API or MCP server alone.
kind-service = Service
kind-service-detail = Acts for itself, without anybody signed in: a job, a backend, a script.
kind-service-decided = It authenticates with a secret and gets tokens by client credentials.
redirects-web = Where people come back to after sign-in, one address a line: https://app.example.com/callback. Compared to the letter.
redirects-spa = Where people come back to after sign-in, one address a line: https://app.example.com/callback. Compared to the letter.
redirects-native = One address a line: an https address that your application claims, a loopback address such as http://127.0.0.1/callback (any port), or a scheme of its own such as com.example.app:/callback.
redirects-any = Where people come back to after sign-in, one address a line. Compared to the letter.

client-name = Name
client-name-hint = People see it when they sign in.
client-id = Client identifier
client-id-hint = Leave it empty to have one made.
client-secret = Client secret
client-redirect-uris = Redirect URIs
client-post-logout = Addresses after sign-out
client-post-logout-hint = Where people may be sent when they have signed out, one address a line. May stay empty.
client-scopes = It may ask for
client-scopes-lost = It may ask for what no API has any more
client-scopes-of = It may call { $api } with
client-skip-consent = Do not ask people for consent
client-skip-consent-hint = For your own applications only.
client-register = Register
client-save = Save
client-faulty = Nothing was saved. Please look at what is marked.
client-method = Authentication
client-pkce = PKCE required
client-grants = Grant types
client-type = Kind
client-id-token-alg = ID tokens are signed with
client-token-life = Access tokens live
client-seconds =
    { $count ->
        [one] one second
       *[other] { $count } seconds
    }
client-change-heading = Settings
client-managed = A resource file declares this client. What you change here lasts until that file is applied again.
client-end-heading = Switch off or remove
method-secret-basic = Secret, in the Authorization header
method-secret-post = Secret, in the request
method-private-key = Signed with its private key
method-none = None: it keeps no secret

made-heading = { $name } is registered
made-to-client = To the client
secret-once = Copy the secret now: it is shown this once, and nobody can read it again.
snippets-heading = Bring it into your application
snippets-lead = With this client's own values. The secret, where there is one, comes from the environment variable CLIENT_SECRET.

lints-heading = Worth a look
severity-wrong = Wrong
severity-risky = Risky
severity-note = Note
lint-no-live-secret = It authenticates with a secret and has none that is valid: it can fetch no token.
lint-unknown-scope = It may ask for scopes that no API has. A token with them is for this server alone, and lets do nothing:
lint-refresh-without-offline = It may use refresh tokens that last only as long as the person stays signed in: without the scope offline_access.
lint-without-pkce = PKCE is not required of it: whoever steals a code can use it.
lint-native-without-consent = It runs on people's own devices and asks for no consent there: another program could pretend to be it. People are asked all the same.
lint-no-second-factor = It asks for no second factor, whatever the operator wants.
lint-long-lived-tokens = Its access tokens live for more than an hour: whoever gets hold of one can use it for as long.
lint-administers = It may administer this server: whoever holds its secret can do so.
lint-localhost-by-name = A redirect URI says localhost: 127.0.0.1 cannot be led elsewhere.
lint-only-loopback = All its redirect URIs are on the person's own computer: good for development only.
lint-own-scheme = A redirect URI has a scheme of its own, which another application may claim, too. An https address is safer.
lint-secret-in-body = It sends its secret in the request's body, which more programs log than the Authorization header.
lint-old-secret = One of its secrets is more than a year old.

secrets-heading = Secrets
secrets-none = None.
secret-made = Made on { $at }
secret-until = Valid until { $at }
secret-over = Refused since { $at }
secret-new = New secret
secret-new-of = For { $name }
secret-others-until = The one before it works until { $at }.
secret-others-ended = The one before it no longer works.

# $id tells $name from others of that name.
ask-subject = { $name } ({ $id })
ask-back = Leave it
ask-secret = Replace the secret?
ask-secret-loss = A new secret is made and shown once. The present one goes on beside it for a while, so that no request fails until the new one is in place.
ask-secret-do = Replace the secret
ask-disable = Disable this client?
ask-disable-loss = Nobody can sign in to it any more, it can fetch no tokens, and everything that was issued to it ends at once. You can enable it again; what has ended stays ended.
ask-disable-do = Disable
ask-enable = Enable this client?
ask-enable-loss = People can sign in to it again, and it can fetch tokens. Nothing that had ended comes back.
ask-enable-do = Enable
ask-remove = Remove this client?
ask-remove-loss = Its registration, its secrets, and everything that people allowed it are lost, and everything that was issued to it ends at once. This cannot be undone.
ask-remove-do = Remove
overlap-label = The present secret goes on for
overlap-hour = an hour
overlap-day = a day
overlap-week = a week
overlap-none = no time: it ends at once

# After a list of the first few.
list-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }

# The words roles, groups, attributes, only and rename stay as they are.
claims-of-client = Claims about people, in its ID tokens and userinfo
claims-of-api = Claims about people, in its access tokens
claims-hint = A line for each: the claim, a colon, and where it comes from: roles, groups, or attributes.department. After an equals sign: what it says for everybody (tenant: = acme). What takes only or rename stands as JSON, as in the administration API.
