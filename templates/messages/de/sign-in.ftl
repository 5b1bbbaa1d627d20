### Anmelden und ein Konto wählen.

sign-in-title = Anmelden
sign-in-to-continue = weiter zu { $client }
sign-in-username = Benutzername oder E-Mail-Adresse
sign-in-password = Passwort
sign-in-submit = Anmelden
sign-in-passkey-submit = Mit einem Passkey anmelden

## Warum der letzte Versuch scheiterte.

sign-in-wrong = Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beides und versuchen Sie es noch einmal.
sign-in-incomplete = Bitte geben Sie Ihren Benutzernamen und Ihr Passwort ein.
sign-in-limited = Es gab zu viele Fehlversuche. Bitte warten Sie { wait } und versuchen Sie es dann noch einmal.
sign-in-busy = Gerade melden sich sehr viele an. Bitte warten Sie { wait } und versuchen Sie es dann noch einmal.
sign-in-stale = Die Seite war nicht mehr gültig. Bitte melden Sie sich noch einmal an.
sign-in-passkey-refused = Dieser Passkey ist hier nicht bekannt oder wurde abgelehnt. Melden Sie sich stattdessen mit Ihrem Passwort an.

## Warum sich jemand, der angemeldet ist, noch einmal anmelden muss.

sign-in-confirm = Bitte melden Sie sich noch einmal an, um zu bestätigen, dass Sie es sind.
sign-in-too-long-ago = Ihre letzte Anmeldung liegt eine Weile zurück. Bitte melden Sie sich noch einmal an, um zu bestätigen, dass Sie es sind.
sign-in-before-change = Bitte melden Sie sich noch einmal an: Sie ändern damit, was Ihr Konto schützt.
sign-in-other-account-expected = Die Anwendung erwartet ein anderes Konto als das, mit dem Sie angemeldet sind.
sign-in-other-account-chosen = Melden Sie sich mit dem Konto an, das Sie verwenden möchten.

## Ein Konto wählen.

select-account-title = Konto wählen
select-account-to-continue = weiter zu { $client }
select-account-current = Weiter als { $name }
select-account-other = Anderes Konto verwenden
select-account-other-detail = Sie werden gebeten, sich anzumelden

## Ein Knopf, der eine große Anfrage weiterschickt.

continue-title = Weiter
continue-heading = Noch ein Schritt
continue-lead = { $client } hat Sie zum Anmelden hierher geschickt.
continue-lead-unknown = Eine Anwendung hat Sie zum Anmelden hierher geschickt.
continue-submit = Weiter
