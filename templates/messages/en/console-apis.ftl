### APIs and their scopes, in the console.

console-apis = APIs
console-done-api-removed = The API is removed. No new token is for it.

apis-lead = What access tokens are for, and the scopes that open it.
apis-none = There is no API yet.
api-new = New API
api-make = Make it
api-identifier = Identifier
api-identifier-hint = What tokens name as their audience: an absolute address, such as https://api.example.com. It cannot be changed later.
api-scopes = Scopes
api-scopes-hint = One value a line, such as orders:read. A scope belongs to one API.
api-alg = Tokens are signed with
api-alg-hint = What this API can verify.
api-lifetime = Lifetime of its access tokens
api-lifetime-hint = In seconds, 60 or more. Empty: as long as others.
api-introspection = Clients that may introspect its tokens
api-introspection-hint = One identifier a line, besides the client that a token was issued to.
api-roles = Roles that scopes need
api-roles-hint = A line for each scope that not everybody may have: orders:write: clerk manager. One of the roles is enough.
api-claims = Claims
api-claims-lead = What its access tokens say of people besides the standard claims. Whoever may change settings changes that.
api-managed = A resource file declares this API. What you change here lasts until that file is applied again.
api-losing = These clients may ask for scopes that would be gone. They would no longer get them. Nothing is saved yet.
api-agree = Take these scopes away
api-end = Remove
ask-api = Remove this API?
# $api is the API's identifier.
ask-api-loss = { $api } and its scopes are lost: no new token is for it. Tokens that are live expire by themselves. This cannot be undone.
ask-api-losing = These clients lose scopes
