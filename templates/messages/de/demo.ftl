### Die Demo-Anwendung. Warum ein Token abgelehnt wird, steht auf Englisch da, für die, die Anwendungen bauen.

demo-name = Demo-Anwendung
demo-footer = Eine Beispielanwendung. Sie behält ihre Tokens im Arbeitsspeicher und vergisst sie, wenn der Server endet.
demo-hello = Hallo
demo-lead = Diese Anwendung weiß noch nichts über Sie. Sie lässt sich von { $product } unter { $issuer } sagen, wer Sie sind.
demo-sign-in = Anmelden
demo-sign-in-again = Wieder anmelden
demo-flow = Authorization Code Flow mit PKCE, wie ihn jede Webanwendung verwenden würde.
demo-signed-out = Abgemeldet
demo-signed-out-lead = Sie haben diese Anwendung und den Anmeldeserver verlassen.

demo-signed-in = Angemeldet
demo-hello-name = Hallo, { $name }
demo-signed-in-lead = Sie haben sich mit { $product } unter { $issuer } angemeldet.
demo-checks = Prüfung der Tokens
demo-valid = Gültig
demo-invalid = Ungültig
demo-signed-with = signiert mit { $alg }, Schlüssel { $kid }…
demo-refresh = Tokens erneuern
demo-userinfo-call = Userinfo abfragen
demo-sign-out = Abmelden
demo-refreshed = Bisherige Erneuerungen: { $count }.
demo-userinfo = Userinfo
demo-userinfo-hint = Was der Server jetzt über Sie sagt.
demo-id-token = ID-Token
demo-id-token-hint = Für diese Anwendung: wer sich angemeldet hat, wann und wie.
demo-id-token-claims = Claims des ID-Tokens
demo-access-token = Access-Token
demo-access-token-hint = Für die API, die damit aufgerufen wird.
demo-access-token-claims = Claims des Access-Tokens
demo-claim = Claim
demo-value = Wert

demo-error-title = Die Anmeldung hat nicht geklappt
demo-error-lead = Die Antwort von { $issuer } war keine Anmeldung.
demo-try-again = Noch einmal versuchen
