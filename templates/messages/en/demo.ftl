### The demo application. Why a token is refused is said in English, for whoever builds applications.

demo-name = Demo application
demo-footer = An example application. It keeps its tokens in memory and forgets them when the server stops.
demo-hello = Hello
demo-lead = This application knows nothing about you yet. It lets { $product } at { $issuer } tell it who you are.
demo-sign-in = Sign in
demo-sign-in-again = Sign in again
demo-flow = Authorization code flow with PKCE, as any web application would use it.
demo-signed-out = Signed out
demo-signed-out-lead = You have left this application and the sign-in server.

demo-signed-in = Signed in
demo-hello-name = Hello, { $name }
demo-signed-in-lead = You signed in with { $product } at { $issuer }.
demo-checks = Token checks
demo-valid = Valid
demo-invalid = Not valid
demo-signed-with = signed with { $alg }, key { $kid }…
demo-refresh = Refresh tokens
demo-userinfo-call = Call userinfo
demo-sign-out = Sign out
demo-refreshed = Tokens refreshed so far: { $count }.
demo-userinfo = Userinfo
demo-userinfo-hint = What the server says about you now.
demo-id-token = ID token
demo-id-token-hint = For this application: who signed in, when and how.
demo-id-token-claims = ID token claims
demo-access-token = Access token
demo-access-token-hint = For the API that is called with it.
demo-access-token-claims = Access token claims
demo-claim = Claim
demo-value = Value

demo-error-title = Sign-in did not work
demo-error-lead = The answer from { $issuer } was not a sign-in.
demo-try-again = Try again
