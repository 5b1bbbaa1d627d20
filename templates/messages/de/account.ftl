### Das eigene Konto eines Menschen.

account-nav = Ihr Konto
account-title = Ihr Konto
account-heading = Guten Tag, { $name }
account-lead = Was hier über Sie gespeichert ist und wer es verwenden darf.
account-username = Benutzername
account-email = E-Mail-Adresse
account-email-unverified = Nicht bestätigt
account-with-both = Passwort, Authenticator-App und Passkey
account-with-passkey = Passwort und Passkey
account-with-app = Passwort und Authenticator-App
account-with-password = Nur ein Passwort
account-unprotected = Sie verwalten diesen Server, und nur ein Passwort schützt Ihr Konto. Legen Sie einen Passkey an, oder richten Sie eine Authenticator-App ein.
account-protect = Konto schützen
account-email-pending = Wird zu { $address }
account-signed-in-at = Hier angemeldet seit
account-sessions-count =
    { $count ->
        [one] Nur hier
       *[other] An { $count } Orten, dieser eingeschlossen
    }
account-applications-count =
    { $count ->
        [0] Keine
        [one] Eine mit Zugriff
       *[other] { $count } mit Zugriff
    }

## Der Weg zu jeder Seite und ihre Überschrift.

account-overview = Übersicht
account-profile = Profil
account-password = Passwort
account-security = Anmeldesicherheit
account-sessions = Geräte
account-applications = Anwendungen
account-history = Aktivität
account-data = Ihre Daten
account-sign-out = Abmelden

## Was gerade getan wurde.

done-profile = Ihr Profil ist gespeichert.
done-password = Ihr Passwort ist geändert. Alle anderen Geräte sind abgemeldet, und Anwendungen müssen neu verbunden werden.
done-app = Ihre Authenticator-App ist eingerichtet.
done-app-removed = Die Authenticator-App ist entfernt.
done-passkey = Der Passkey ist angelegt.
done-passkey-renamed = Der Passkey hat seinen neuen Namen.
done-passkey-removed = Der Passkey ist entfernt.
done-forgotten = Auf diesem Gerät wird wieder nach dem zweiten Schritt gefragt.
done-all-forgotten = Auf allen Geräten wird wieder nach dem zweiten Schritt gefragt.
done-email-asked = E-Mails sind unterwegs. Ihre Adresse ändert sich, sobald deren Links benutzt wurden.
done-email-again = Neue Links sind unterwegs. Die früheren gelten nicht mehr.
done-email-cancelled = Ihre E-Mail-Adresse bleibt, wie sie ist.
done-email-verified = Ihre E-Mail-Adresse ist bestätigt.
done-verify-sent = Ein Link ist an Ihre E-Mail-Adresse unterwegs.
done-session = Das Gerät ist abgemeldet.
done-sessions = Alle anderen Geräte sind abgemeldet.
done-withdrawn = Die Anwendung hat keinen Zugriff mehr.
done-kept = Ihr Konto bleibt bestehen.
done-old = Die Seite war zu lange offen, deshalb wurde nichts geändert. Bitte versuchen Sie es noch einmal.
done-overtaken = Inzwischen hat sich anderswo etwas geändert, deshalb wurde nichts getan. Bitte versuchen Sie es noch einmal.
