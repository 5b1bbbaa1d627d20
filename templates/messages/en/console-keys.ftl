### Keys, in the console.

console-keys = Keys
console-done-rotated = The next keys sign as soon as every verifier can know them.
console-done-key-revoked = The key is revoked. What it signed counts no more.

keys-lead = They sign tokens and seal what travels. Each is published before it is used, and replaced by itself.
keys-old = Earlier keys
key-signs = signs tokens
key-proves = proves refresh tokens
key-seals = seals forms
key-state-next = Next
key-state-current = In use
key-state-retiring = Published still
key-state-retired = Retired
key-state-revoked = Revoked
key-times-next = Its turn comes on { $at }.
key-times-current = In use since { $at }.
key-times-until = The next one takes over on { $at }.
key-times-retiring = Was used until { $at }; published until { $gone }.
key-times-retired = Was used until { $at }.
key-times-revoked = Revoked on { $at }.
key-times-made = Made { $at }.
key-revoke = Revoke …

rotate-heading = Replace signing keys
rotate-lead = The next key takes over as soon as every verifier can have seen it. What the present one signed stays good, so nobody notices.
rotate-which = Of which algorithm
rotate-all = All
rotate-do = Replace now

ask-key = Revoke this key?
# $kid is the key's identifier.
ask-key-which = { $alg }, { $kid }.
ask-key-loss = For a key that somebody else may hold. It leaves the published set at once, and every token that it signed or proves counts no more. Verifiers that keep a copy of the set believe it until that is renewed. This cannot be undone.
ask-key-grants = Grants with a living access token, of which those signed with this key are lost and fetched again
ask-key-ending = Grants that end: people sign in again
ask-key-clients = Clients that get what is signed with this algorithm
ask-key-at-least = at least { $count }
ask-key-resources = APIs that get tokens signed with it
ask-key-not-yours = Ending every grant takes the permission { $permission }, which none of your roles gives you.
ask-key-do = Revoke the key
