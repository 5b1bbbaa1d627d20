### Die Konsole, in der verwaltet wird.

console-skip = Zum Inhalt
console-nav = Konsole
console-clients = Clients
console-account = Ihr Konto
console-again = Ansehen können Sie alles. Bevor Sie hier etwas ändern, zeigen Sie noch einmal, dass Sie es sind.
console-again-do = Noch einmal anmelden
console-done-changed = Gespeichert.
console-done-enabled = Der Client arbeitet wieder.
console-done-disabled = Der Client ist gesperrt. Seine Sitzungen und Tokens sind beendet.
console-done-removed = Der Client ist entfernt.
console-search = Suchen
console-more = Mehr zeigen
console-changed = Geändert { $at }
console-disabled = Gesperrt
console-public = Ohne Geheimnis

console-clients-lead = Die Anwendungen, an denen man sich anmeldet, und die Dienste, die Tokens holen.
console-clients-none = Noch ist kein Client registriert.
console-clients-not-found = Kein Client trägt diesen Text im Namen oder in der Kennung.
console-new-client = Client registrieren

kinds-lead = Was ist es? Daraus folgen die sicheren Einstellungen.
kinds-choose = Wählen
kind-web = Webanwendung
kind-web-detail = Läuft auf einem Ihrer Server und kann ein Geheimnis bewahren: Spring, Rails, Django, Next.js und dergleichen.
kind-web-decided = Sie meldet mit Autorisierungscode und PKCE an, weist sich mit einem Geheimnis aus und darf verbunden bleiben, wenn man es ihr erlaubt.
kind-spa = Single-Page-Anwendung
kind-spa-detail = Läuft allein im Browser. Nichts in ihr ist geheim.
kind-spa-decided = Sie meldet mit Autorisierungscode und PKCE an, ohne Geheimnis. Skripte von den Ursprüngen ihrer Redirect-URIs dürfen diesen Server aufrufen.
kind-native = Mobile oder Desktop-Anwendung
kind-native-detail = Ist auf den Geräten der Menschen installiert. Nichts in ihr ist geheim.
kind-native-decided = Sie meldet mit Autorisierungscode und PKCE im Browser des Geräts an, ohne Geheimnis. Auf diesem Computer wird immer gefragt, bevor sie etwas bekommt.
kind-agent = KI-Agent oder MCP-Client
kind-agent-detail = Entscheidet selbst, was er für die angemeldete Person aufruft: ein Assistent, ein Editor, ein Client von MCP-Servern. Nichts darin ist geheim.
kind-agent-decided = Er meldet Personen per Autorisierungscode mit PKCE im Browser des Geräts an, ohne Geheimnis, und sie werden immer gefragt. Seine Zugriffstokens leben fünf Minuten, und jedes gilt für eine einzige API oder einen einzigen MCP-Server.
kind-service = Dienst
kind-service-detail = Handelt für sich selbst, ohne dass jemand angemeldet ist: ein Job, ein Backend, ein Skript.
kind-service-decided = Er weist sich mit einem Geheimnis aus und bekommt Tokens durch Client Credentials.
redirects-web = Wohin man nach der Anmeldung zurückkommt, eine Adresse je Zeile: https://app.example.com/callback. Wird buchstabengenau verglichen.
redirects-spa = Wohin man nach der Anmeldung zurückkommt, eine Adresse je Zeile: https://app.example.com/callback. Wird buchstabengenau verglichen.
redirects-native = Eine Adresse je Zeile: eine https-Adresse, die Ihre Anwendung beansprucht, eine Loopback-Adresse wie http://127.0.0.1/callback (jeder Port) oder ein eigenes Schema wie com.example.app:/callback.
redirects-any = Wohin man nach der Anmeldung zurückkommt, eine Adresse je Zeile. Wird buchstabengenau verglichen.

client-name = Name
client-name-hint = Er ist bei der Anmeldung zu sehen.
client-id = Client-Kennung
client-id-hint = Leer lassen, damit eine vergeben wird.
client-secret = Client-Geheimnis
client-redirect-uris = Redirect-URIs
client-post-logout = Adressen nach der Abmeldung
client-post-logout-hint = Wohin nach der Abmeldung weitergeleitet werden darf, eine Adresse je Zeile. Darf leer bleiben.
client-scopes = Er darf fragen nach
client-scopes-lost = Er darf fragen nach dem, was keine API mehr hat
client-scopes-of = Er darf { $api } aufrufen mit
client-skip-consent = Nicht um Zustimmung fragen
client-skip-consent-hint = Nur für eigene Anwendungen.
client-register = Registrieren
client-save = Speichern
client-faulty = Nichts wurde gespeichert. Bitte sehen Sie sich das Markierte an.
client-method = Authentifizierung
client-pkce = PKCE verlangt
client-grants = Grant-Typen
client-type = Art
client-id-token-alg = ID-Tokens sind signiert mit
client-token-life = Access-Tokens leben
client-seconds =
    { $count ->
        [one] eine Sekunde
       *[other] { $count } Sekunden
    }
client-change-heading = Einstellungen
client-managed = Eine Ressourcendatei beschreibt diesen Client. Was Sie hier ändern, gilt, bis sie wieder angewandt wird.
client-end-heading = Sperren oder entfernen
method-secret-basic = Geheimnis, im Authorization-Header
method-secret-post = Geheimnis, in der Anfrage
method-private-key = Mit seinem privaten Schlüssel signiert
method-none = Keine: er bewahrt kein Geheimnis

made-heading = { $name } ist registriert
made-to-client = Zum Client
secret-once = Kopieren Sie das Geheimnis jetzt: Es wird nur dieses eine Mal gezeigt, und niemand kann es wieder lesen.
snippets-heading = In Ihre Anwendung bringen
snippets-lead = Mit den Werten dieses Clients. Das Geheimnis, wo es eines gibt, kommt aus der Umgebungsvariablen CLIENT_SECRET.

lints-heading = Einen Blick wert
severity-wrong = Falsch
severity-risky = Riskant
severity-note = Hinweis
lint-no-live-secret = Er weist sich mit einem Geheimnis aus und hat kein gültiges: Er kann kein Token holen.
lint-unknown-scope = Er darf nach Scopes fragen, die keine API hat. Ein Token damit ist nur für diesen Server und lässt nichts tun:
lint-refresh-without-offline = Er darf Refresh-Tokens verwenden, die nur so lange gelten, wie jemand angemeldet bleibt: ohne den Scope offline_access.
lint-without-pkce = PKCE wird von ihm nicht verlangt: Wer einen Code stiehlt, kann ihn verwenden.
lint-native-without-consent = Er läuft auf den Geräten der Menschen und fragt dort nicht um Zustimmung: Ein anderes Programm könnte sich für ihn ausgeben. Gefragt wird trotzdem.
lint-no-second-factor = Er verlangt keinen zweiten Faktor, was immer der Betreiber will.
lint-long-lived-tokens = Seine Access-Tokens leben länger als eine Stunde: Wer eines in die Hand bekommt, kann es so lange verwenden.
lint-administers = Er darf diesen Server verwalten: Wer sein Geheimnis hat, kann es auch.
lint-localhost-by-name = Eine Redirect-URI nennt localhost: 127.0.0.1 kann nicht anderswohin führen.
lint-only-loopback = Alle seine Redirect-URIs liegen auf dem Computer der Person: nur zum Entwickeln gut.
lint-own-scheme = Eine Redirect-URI hat ein eigenes Schema, das auch eine andere Anwendung beanspruchen kann. Eine https-Adresse ist sicherer.
lint-secret-in-body = Er schickt sein Geheimnis im Rumpf der Anfrage, den mehr Programme protokollieren als den Authorization-Header.
lint-old-secret = Eines seiner Geheimnisse ist mehr als ein Jahr alt.

secrets-heading = Geheimnisse
secrets-none = Keine.
secret-made = Erstellt am { $at }
secret-until = Gültig bis { $at }
secret-over = Abgelehnt seit { $at }
secret-new = Neues Geheimnis
secret-new-of = Für { $name }
secret-others-until = Das bisherige gilt bis { $at }.
secret-others-ended = Das bisherige gilt nicht mehr.

# $name und $id gehören zum Client.
ask-subject = { $name } ({ $id })
ask-back = Lassen
ask-secret = Das Geheimnis ersetzen?
ask-secret-loss = Ein neues Geheimnis wird erstellt und einmal gezeigt. Das jetzige gilt daneben noch eine Weile, damit keine Anfrage scheitert, bis das neue an seinem Platz ist.
ask-secret-do = Geheimnis ersetzen
ask-disable = Diesen Client sperren?
ask-disable-loss = Niemand kann sich mehr an ihm anmelden, er kann keine Tokens holen, und alles, was ihm ausgestellt wurde, endet sofort. Sie können ihn wieder zulassen; was geendet hat, bleibt beendet.
ask-disable-do = Sperren
ask-enable = Diesen Client wieder zulassen?
ask-enable-loss = Man kann sich wieder an ihm anmelden, und er kann Tokens holen. Nichts, was geendet hatte, kommt zurück.
ask-enable-do = Zulassen
ask-remove = Diesen Client entfernen?
ask-remove-loss = Seine Registrierung, seine Geheimnisse und alles, was man ihm erlaubt hat, gehen verloren, und alles, was ihm ausgestellt wurde, endet sofort. Das lässt sich nicht rückgängig machen.
ask-remove-do = Entfernen
overlap-label = Das jetzige Geheimnis gilt noch
overlap-hour = eine Stunde
overlap-day = einen Tag
overlap-week = eine Woche
overlap-none = gar nicht: Es endet sofort

# After a list of the first few.
list-more =
    { $count ->
        [one] und einer mehr
       *[other] und { $count } mehr
    }

# The words roles, groups, attributes, only and rename stay as they are.
claims-of-client = Claims über Menschen, in seinen ID-Token und Userinfo
claims-of-api = Claims über Menschen, in ihren Zugriffstoken
claims-hint = Je eine Zeile: der Claim, ein Doppelpunkt, und woher er kommt: roles, groups oder attributes.department. Nach einem Gleichheitszeichen: was er für alle sagt (tenant: = acme). Was only oder rename braucht, steht als JSON wie in der Verwaltungs-API.
