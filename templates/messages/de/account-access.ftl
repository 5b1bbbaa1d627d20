### Wo ein Mensch angemeldet ist, welche Anwendungen Zugriff haben und was geschehen ist.

sessions-lead = Hier sind Sie angemeldet. Wenn Sie etwas davon nicht kennen, melden Sie es ab und ändern Sie Ihr Passwort.
sessions-device = { $browser } auf { $system }
sessions-device-unknown = Unbekanntes Gerät
sessions-here = Dieses Gerät
sessions-since = Angemeldet: { $at }
sessions-seen = Zuletzt verwendet: { $at }
sessions-address = Von { $address }
sessions-end = Abmelden
sessions-end-others = Alle anderen Geräte abmelden

applications-lead = Diese Anwendungen dürfen Ihr Konto verwenden. Entziehen Sie einer den Zugriff, so endet er sofort; sie muss Sie dann erneut fragen.
applications-none = Keine Anwendung hat Zugriff auf Ihr Konto.
applications-since = Seit { $at }
applications-last-used = Zuletzt verwendet: { $at }
applications-unused = Zurzeit nicht verwendet
applications-offline = Bleibt verbunden, wenn Sie sich abmelden
applications-scopes = Was sie darf
applications-withdraw = Zugriff entziehen

history-lead = Was rund um Ihr Konto geschehen ist, das Neueste zuerst.
history-none = Es ist noch nichts geschehen.
history-older = Ältere zeigen
history-count =
    { $count ->
        [one] einmal
       *[other] { $count }-mal
    }
history-check = Waren Sie das?
history-application = Bei { $name }
history-address = Von { $address }
event-signed-in = Angemeldet
event-sign-in-failed = Eine Anmeldung ist gescheitert
event-sign-in-limited = Eine Anmeldung wurde abgelehnt: Zu viele waren gescheitert
event-session-ended = Abgemeldet
event-consent-given = Sie haben einer Anwendung Zugriff gegeben
event-access-withdrawn = Sie haben einer Anwendung den Zugriff entzogen
event-password-changed = Das Passwort wurde geändert
event-user-changed = Das Profil wurde geändert
event-email-verified = Die E-Mail-Adresse wurde bestätigt
event-email-change-asked = Eine andere E-Mail-Adresse wurde verlangt
event-email-change-ended = Die E-Mail-Adresse blieb, wie sie war
event-email-changed = Die E-Mail-Adresse wurde geändert
event-deletion-scheduled = Sie haben die Löschung des Kontos verlangt
event-deletion-cancelled = Sie haben das Konto behalten
event-data-exported = Ihre Daten wurden heruntergeladen
event-factor-added = Ein weiterer Weg zur Anmeldung kam hinzu
event-factor-removed = Ein Weg zur Anmeldung wurde entfernt
event-factor-refused = Ein zweiter Schritt wurde abgelehnt
event-recovery-codes-made = Neue Wiederherstellungscodes wurden erzeugt
event-passkey-renamed = Ein Passkey bekam einen anderen Namen
event-passkey-cloned = Ein Passkey wurde abgelehnt: Er wurde offenbar kopiert
event-device-remembered = Ein Gerät wurde gemerkt
event-device-forgotten = Gemerkte Geräte wurden vergessen
