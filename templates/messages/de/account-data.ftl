### Die eigenen Daten mitnehmen und das Konto löschen lassen.

data-export-lead = Alles, was hier über Sie gespeichert ist, als eine JSON-Datei: Ihr Profil, wo Sie angemeldet waren, was Anwendungen dürfen und was geschehen ist. Ihr Passwort ist nicht darin.
data-export = Daten herunterladen
data-delete-heading = Konto löschen
data-delete-lead =
    { $days ->
        [0] Ihr Konto wird mit allem gelöscht, was dazu gehört.
        [one] Ihr Konto wird nach einem Tag mit allem gelöscht, was dazu gehört. Bis dahin können Sie sich anmelden und es behalten.
       *[other] Ihr Konto wird nach { $days } Tagen mit allem gelöscht, was dazu gehört. Bis dahin können Sie sich anmelden und es behalten.
    }
data-delete = Konto löschen …

delete-heading = Möchten Sie Ihr Konto löschen?
delete-lead =
    { $days ->
        [0] Das Konto { $account } wird binnen einer Minute gelöscht.
        [one] Das Konto { $account } wird in einem Tag gelöscht. Alle Geräte werden jetzt abgemeldet.
       *[other] Das Konto { $account } wird in { $days } Tagen gelöscht. Alle Geräte werden jetzt abgemeldet.
    }
delete-lost = Das geht verloren:
delete-lost-profile = Ihr Profil
delete-lost-sign-in = Ihr Passwort und jeder andere Weg, sich anzumelden
delete-lost-application = Ihr Zugang zu { $name }
delete-kept = Was Anwendungen selbst über Sie aufbewahren, wird dadurch nicht gelöscht. Das Sicherheitsprotokoll behält, was geschehen ist, ohne Ihren Namen.
delete-refused = Nur Sie können diesen Dienst verwalten, oder er gehört nur Ihnen, deshalb bleibt Ihr Konto. Geben Sie zuerst jemand anderem diese Rolle.
delete-submit = Mein Konto löschen

leaving-heading = Ihr Konto wird gelöscht
leaving-at = Es wird am { $at } mit allem gelöscht, was dazu gehört.
leaving-keep = Mein Konto behalten
leaving-signed-out = Sie sind überall abgemeldet. Wenn Sie es sich bis dahin anders überlegen, melden Sie sich an und behalten Sie es.
leaving-sign-in = Anmelden
