### Der zweite Schritt der Anmeldung.

second-factor-title = Bestätigen Sie, dass Sie es sind
second-factor-account = Anmeldung als { $account }
second-factor-code = Code
second-factor-totp-hint = Die sechs Ziffern, die Ihre Authenticator-App gerade anzeigt.
second-factor-email-hint = Die Ziffern aus der E-Mail, die wir Ihnen gerade geschickt haben.
second-factor-recovery-code = Wiederherstellungscode
second-factor-recovery-code-hint = Einer der Codes, die Sie beim Einrichten aufbewahrt haben. Jeder gilt einmal.
second-factor-remember =
    { $days ->
        [one] Auf diesem Gerät einen Tag lang nicht mehr fragen
       *[other] Auf diesem Gerät { $days } Tage lang nicht mehr fragen
    }
second-factor-submit = Weiter
second-factor-passkey-submit = Passkey verwenden
second-factor-choose = Wie möchten Sie es bestätigen?
second-factor-instead-totp = Authenticator-App verwenden
second-factor-instead-recovery-code = Wiederherstellungscode verwenden
second-factor-instead-email-code = Code per E-Mail schicken

## Warum ein Faktor nicht angenommen wurde.

trouble-wrong = Das stimmt nicht. Bitte versuchen Sie es noch einmal.
trouble-used = Dieser Code wurde schon verwendet. Bitte warten Sie auf den nächsten.
trouble-expired = Das hat zu lange gedauert. Bitte versuchen Sie es noch einmal.
trouble-cloned = Dieser Passkey wurde offenbar kopiert und deshalb abgelehnt. Nehmen Sie einen anderen Weg und entfernen Sie ihn in Ihrem Konto.
trouble-limited = Das waren zu viele Versuche. Bitte warten Sie { wait } und versuchen Sie es dann noch einmal.

## Passkeys, wo immer sie verwendet werden.

passkey-failed = Der Passkey konnte nicht verwendet werden. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.
passkey-cancelled = Der Vorgang wurde abgebrochen. Versuchen Sie es noch einmal, wenn Sie bereit sind.
passkey-known = Dieses Gerät hat schon einen Passkey für Ihr Konto.
passkey-needs-scripts = Passkeys brauchen JavaScript, das in diesem Browser ausgeschaltet ist.

## Auswahl, was eingerichtet wird.

choose-factor-title = Schützen Sie Ihr Konto
choose-factor-lead = { $account } braucht einen zweiten Faktor: etwas außer dem Passwort, das nur Sie haben.
choose-factor-passkey = Passkey
choose-factor-passkey-detail = Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel. Am sichersten und am schnellsten.
choose-factor-totp = Authenticator-App
choose-factor-totp-detail = Eine App auf Ihrem Telefon, die alle 30 Sekunden einen neuen Code zeigt.

## Weg von einer Seite, auf der ein Faktor eingerichtet wird.

enrol-back = Zurück zu Ihrem Konto

## Einrichten einer Authenticator-App.

enrol-totp-title = Authenticator-App einrichten
enrol-totp-lead = Scannen Sie diesen Code mit der App.
enrol-totp-replaces = Die jetzige gilt, bis Sie diese bestätigt haben.
enrol-totp-qr = QR-Code für Ihre Authenticator-App
enrol-totp-typing = Scannen geht nicht? Tippen Sie stattdessen diesen Schlüssel in die App:
enrol-totp-open = Die App ist auf diesem Gerät: öffnen
enrol-totp-code = Code
enrol-totp-code-hint = Die sechs Ziffern, die die App gerade anzeigt.
enrol-totp-submit = Bestätigen

## Anlegen eines Passkeys.

enrol-passkey-title = Passkey anlegen
enrol-passkey-lead = Ihr Browser fragt nach Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel.
enrol-passkey-name = Name
enrol-passkey-name-default = Mein Passkey
enrol-passkey-submit = Passkey anlegen

## Wiederherstellungscodes.

recovery-codes-title = Bewahren Sie diese Codes auf
recovery-codes-lead = Wenn Sie Ihr Telefon oder Ihren Sicherheitsschlüssel verlieren, kommen Sie mit einem dieser Codes herein. Jeder gilt einmal.
recovery-codes-keep = Drucken Sie sie aus, oder legen Sie sie in einen Passwort-Manager: Sie werden nicht noch einmal gezeigt.
recovery-codes-submit = Ich habe sie aufbewahrt
