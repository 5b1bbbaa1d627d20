### Das Passwort und alles andere, womit ein Mensch zeigt, wer er ist.

password-change-lead = Mit einem neuen Passwort werden alle anderen Geräte abgemeldet, und alle Anwendungen verlieren den Zugriff, bis Sie sich dort neu anmelden. Dieses Gerät bleibt angemeldet.
password-current = Bisheriges Passwort
password-current-wrong = Das ist nicht Ihr bisheriges Passwort.
password-current-limited = Das bisherige Passwort war zu oft falsch. Bitte warten Sie { wait }, bevor Sie es erneut versuchen.
password-change = Passwort ändern

## Weitere Wege, sich auszuweisen.

security-lead = Womit Sie außer dem Passwort zeigen, dass Sie es sind.
security-required = Sie müssen einen Passkey oder eine Authenticator-App haben: Der letzte bleibt, bis Sie etwas anderes hinzufügen.
security-last = Nichts wurde entfernt: Sie müssen einen Passkey oder eine Authenticator-App haben, und etwas anderes haben Sie nicht. Fügen Sie zuerst etwas hinzu.
security-name = Dieser Name geht nicht: Er ist zu lang oder enthält Zeichen, die sich nicht anzeigen lassen.
security-since = Seit { $at }
security-until = Bis { $at }
security-last-used = Zuletzt verwendet: { $at }
security-unused = Noch nicht verwendet
security-change = Ändern
security-remove-lead = Mit dem letzten Passkey oder der Authenticator-App enden auch Ihre Wiederherstellungscodes. Auf allen Geräten wird wieder nach dem zweiten Schritt gefragt.

security-app = Authenticator-App
security-app-add = Authenticator-App einrichten
security-app-replace-lead = Neues Telefon? Richten Sie die App dort ein. Die jetzige gilt, bis Sie das getan haben.
security-app-replace = Andere App einrichten
security-app-remove = App entfernen

security-passkeys = Passkeys
security-passkey-unnamed = Passkey ohne Namen
security-passkey-synchronised = Synchronisiert
security-passkey-bound = Auf einem Gerät
security-passkey-add = Passkey anlegen
security-passkey-rename = Umbenennen
security-passkey-remove = Passkey entfernen
security-passkeys-full = Hier kann kein weiterer Passkey angelegt werden.

security-codes = Wiederherstellungscodes
security-codes-left =
    { $count ->
        [0] Es ist keiner mehr übrig.
        [one] Einer ist noch übrig.
       *[other] { $count } sind noch übrig.
    }
security-codes-new-lead = Neue ersetzen alle bisherigen und werden nur einmal gezeigt.
security-codes-new = Neue Codes erzeugen
security-codes-replaced = Die bisherigen gelten nicht mehr.

security-browsers = Gemerkte Geräte
security-browsers-lead = In diesen Browsern wird bei der Anmeldung nicht nach dem zweiten Schritt gefragt.
security-forget = Vergessen
security-forget-all = Alle vergessen
