### Abmelden.

sign-out-title = Abmelden
sign-out-heading = Abmelden?
sign-out-signed-in-as = Sie sind als { $name } angemeldet.
sign-out-asked-by = { $client } möchte, dass Sie auch hier abgemeldet werden.
sign-out-consequence = Die nächste Anwendung, die Sie öffnen, wird Sie bitten, sich wieder anzumelden.
sign-out-submit = Abmelden
sign-out-stay = Wenn Sie angemeldet bleiben möchten, verlassen Sie einfach diese Seite.

signed-out-title = Abgemeldet
signed-out-heading = Sie sind abgemeldet
signed-out-shared-computer = An einem gemeinsam genutzten Computer sollten Sie auch den Browser schließen.
signed-out-back = Zurück zu { $client }
signed-out-continue = Weiter
