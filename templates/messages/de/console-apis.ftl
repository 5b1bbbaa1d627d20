### APIs und ihre Scopes, in der Konsole.

console-apis = APIs
console-done-api-removed = Die API ist entfernt. Für sie gibt es keine neuen Token.

apis-lead = Wofür Zugriffstoken gelten, und die Scopes, die es öffnen.
apis-none = Es gibt noch keine API.
api-new = Neue API
api-make = Anlegen
api-identifier = Kennung
api-identifier-hint = Was Token als ihr Ziel nennen: eine absolute Adresse wie https://api.example.com. Sie lässt sich später nicht ändern.
api-scopes = Scopes
api-scopes-hint = Ein Wert je Zeile, etwa orders:read. Ein Scope gehört zu einer API.
api-alg = Token sind signiert mit
api-alg-hint = Was diese API prüfen kann.
api-lifetime = Lebensdauer ihrer Zugriffstoken
api-lifetime-hint = In Sekunden, mindestens 60. Leer: so lange wie andere.
api-introspection = Clients, die ihre Token nachschlagen dürfen
api-introspection-hint = Eine Kennung je Zeile, neben dem Client, für den ein Token ausgestellt ist.
api-roles = Rollen, die Scopes verlangen
api-roles-hint = Eine Zeile für jeden Scope, den nicht alle haben dürfen: orders:write: clerk manager. Eine der Rollen genügt.
api-claims = Claims
api-claims-lead = Was ihre Zugriffstoken über Menschen sagen, neben den üblichen Claims. Das ändert, wer Einstellungen ändern darf.
api-managed = Eine Ressourcendatei beschreibt diese API. Was Sie hier ändern, gilt, bis die Datei wieder angewandt wird.
api-losing = Diese Clients dürfen nach Scopes fragen, die es dann nicht mehr gäbe. Sie bekämen sie nicht mehr. Noch ist nichts gespeichert.
api-agree = Diese Scopes wegnehmen
api-end = Entfernen
ask-api = Diese API entfernen?
ask-api-loss = { $api } und ihre Scopes gehen verloren: Für sie gibt es keine neuen Token. Was noch gilt, läuft von selbst ab. Das lässt sich nicht rückgängig machen.
ask-api-losing = Diese Clients verlieren Scopes
