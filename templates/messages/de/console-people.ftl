### Menschen in der Konsole.

console-users = Personen
users-lead = Alle, die hier ein Konto haben.
users-search = Nach Name, Benutzername oder E-Mail-Adresse suchen
users-state = Zustand
users-state-any = Jeder Zustand
users-state-active = Aktiv
users-state-disabled = Gesperrt
users-role = Rolle
users-role-any = Jede Rolle
users-none = Niemand wurde gefunden.
users-new = Jemanden aufnehmen

user-disabled = Gesperrt
user-leaving = Geht
# $at ist ein Datum.
user-deletes = Das Konto soll auf eigenen Wunsch gelöscht werden: am { $at }.
user-managed = Eine Ressourcendatei erklärt diese Person. Was Sie hier ändern, hält, bis die Datei wieder angewandt wird.
user-above = Sie sehen diese Person, können sie aber nicht ändern: Sie darf etwas, das Sie nicht dürfen.
user-username = Benutzername
user-email = E-Mail-Adresse
user-verified = Bestätigt
user-unverified = Nicht bestätigt
user-none = Keine
user-password = Passwort
user-password-set = Gesetzt
user-id = Kennung
user-created = Konto angelegt
user-changed = Zuletzt geändert
user-edit = Angaben ändern
user-email-verified = Die Adresse gehört der Person
user-email-verified-hint = Eine neue Adresse gilt als nicht bestätigt, es sei denn, Sie wissen es.
user-attributes = Attribute
user-attributes-hint = Was der Betreiber außerdem über die Person sagt, je eine Zeile: Name, Doppelpunkt, Wert. Zahlen, true, false und Listen (["a", "b"]) werden als solche gelesen; ein Text, der so aussieht, steht in Anführungszeichen.

user-roles = Rollen
user-roles-lead = Was { $name } selbst innehat. Rollen aus einer Gruppe werden dort geändert.
user-roles-none = Keine Rollen.
user-role-by = Durch die Gruppe { $group }
user-change-roles = Rollen ändern
role-administers = Verwaltet
role-not-yours = Sie reicht weiter als Ihre eigenen Rollen: Sie können sie weder geben noch nehmen.
role-owner = Darf alles.
role-administrator = Darf alles, außer alle Sitzungen auf einmal zu beenden.
role-client-manager = Kümmert sich um Clients und APIs.
role-user-manager = Kümmert sich um Personen: Konten, Gruppen, Sitzungen und Zugriffe.
role-auditor = Sieht alles und ändert nichts.

user-groups = Gruppen
user-groups-lead = Worin { $name } ist. Wer in einer Gruppe ist, hat ihre Rollen.
user-groups-none = Keine Gruppen.
user-change-groups = Gruppen ändern
group-leave = Herausnehmen
group-join-label = In diese Gruppe aufnehmen
group-join = Aufnehmen
group-unknown = Eine Gruppe dieses Namens gibt es nicht.
group-done = Fertig

user-factors = Zweite Faktoren
user-factors-none = Keine.
user-codes =
    { $count ->
        [0] Keine Wiederherstellungscodes mehr
        [one] Noch ein Wiederherstellungscode
       *[other] Noch { $count } Wiederherstellungscodes
    }
user-remembered =
    { $count ->
        [one] In einem Browser wird nicht nach einem zweiten Schritt gefragt
       *[other] In { $count } Browsern wird nicht nach einem zweiten Schritt gefragt
    }
user-lost-phone = Telefon verloren: alle entfernen
user-sessions = Angemeldet
user-sessions-none = Nirgends angemeldet.
user-grants = Anwendungen mit Zugriff
user-grants-none = Keine Anwendung hat Tokens dieser Person.
grant-scope = Darf { $scope } nutzen
grant-offline = Bleibt nach der Abmeldung verbunden
user-end-heading = Beenden, sperren oder entfernen

new-user-invite-lead = Die Person bekommt einen Link per E-Mail und wählt Benutzername und Passwort selbst.
new-user-password-lead = Sie wählen den Benutzernamen. Von der Seite der Person aus lässt sich ihr ein Link zu einem eigenen Passwort schicken.
new-user-to-password = Konto ohne Einladung anlegen
new-user-to-invite = Stattdessen einladen
new-user-locale = Sprache der Einladung
new-user-locale-hint = Zum Beispiel en oder de. Leer: die übliche.
new-user-password-hint = Leer: Es gibt keines, bis Sie einen Link schicken. Was Sie hier wählen, kennen Sie.
new-user-invite = Einladen
new-user-make = Konto anlegen

link-invitation = Die Einladung ist fertig
link-password = Das Passwort ist weg
link-for = Für { $name }
link-label = Link
link-once = Von diesem Server gehen keine E-Mails ab. Geben Sie den Link selbst weiter, und sonst niemandem. Er ist nur dieses eine Mal zu sehen.
link-days =
    { $count ->
        [one] Er gilt einen Tag.
       *[other] Er gilt { $count } Tage.
    }
link-minutes =
    { $count ->
        [one] Er gilt eine Minute.
       *[other] Er gilt { $count } Minuten.
    }
link-on = Weiter

ask-password = Dieses Passwort zurücksetzen?
ask-password-loss = Das jetzige Passwort ist ab sofort nichts mehr wert, und alle Sitzungen und Anwendungen, die es eingelassen hat, enden. Ein Link zu einem neuen Passwort geht an die Adresse der Person.
ask-password-do = Passwort zurücksetzen
ask-unlock = Diese Person wieder versuchen lassen?
ask-unlock-loss = Gescheiterte Anmeldungen, falsche zweite Faktoren und E-Mails, die an diesem Konto gezählt wurden, sind vergessen. Sonst ändert sich nichts.
ask-unlock-do = Entsperren
ask-user-disable = Diese Person sperren?
ask-user-disable-loss = Sie kann sich nirgends mehr anmelden, und alle ihre Sitzungen und alles, was Anwendungen für sie dürfen, enden sofort. Sie können die Sperre aufheben; was beendet ist, bleibt beendet.
ask-user-enable = Sperre dieser Person aufheben?
ask-user-enable-loss = Sie kann sich wieder anmelden. Was beendet war, kommt nicht zurück.
ask-end-all = Alles von dieser Person beenden?
ask-end-all-loss = Alle ihre Sitzungen, alles, was Anwendungen für sie dürfen, und alle Tokens enden sofort, auf jedem Knoten, und Browser, in denen nach keinem zweiten Schritt gefragt wird, sind vergessen. Sie kann sich gleich wieder anmelden.
ask-end-all-do = Alles beenden
ask-user-remove = Diese Person entfernen?
ask-user-remove-loss = Konto, Rollen, zweite Faktoren, Zustimmungen und alles, was sonst über sie aufbewahrt ist, gehen verloren, nur das Protokoll nicht. Ihre Sitzungen und Tokens enden sofort. Das lässt sich nicht rückgängig machen.
ask-factors = Alle zweiten Faktoren entfernen?
ask-factors-loss = Authenticator-App, Passkeys, Wiederherstellungscodes und gemerkte Browser gehen verloren, und alle Sitzungen enden: Wer sie gefunden hat, könnte angemeldet sein. Die Person erfährt es per E-Mail.
ask-factors-do = Alle Faktoren entfernen
ask-factor = Diesen Faktor entfernen?
ask-factor-loss = Er beweist nichts mehr, und alle Sitzungen enden: Wer ihn gefunden hat, könnte angemeldet sein. Die Person erfährt es per E-Mail.
ask-factor-do = Entfernen
ask-sessions = Alle Sitzungen dieser Person beenden?
ask-sessions-loss = Sie ist überall abgemeldet, und Anwendungen, die nur während der Anmeldung handeln dürfen, verlieren den Zugriff. Gemerkte Browser sind vergessen.
ask-sessions-do = Alle Sitzungen beenden
ask-session = Diese Sitzung beenden?
ask-session-loss = Sie ist in diesem Browser abgemeldet, und Anwendungen, die nur so lange handeln dürfen, verlieren den Zugriff.
ask-session-do = Beenden
ask-grants = Zugriff aller Anwendungen beenden?
ask-grants-loss = Keine Anwendung kann mehr für diese Person handeln, und ihre Tokens sind nichts mehr wert. Was die Person erlaubt hat, bleibt: Eine Anwendung kann wieder fragen.
ask-grants-do = Allen Zugriff beenden
ask-grant = Zugriff dieser Anwendung beenden?
ask-grant-loss = Sie kann nicht mehr für diese Person handeln, und ihre Tokens sind nichts mehr wert. Sie kann wieder fragen.
ask-grant-do = Beenden

done-user-invited = Die Einladung ist unterwegs.
done-user-made = Das Konto ist angelegt.
done-user-reset = Das Passwort ist weg. Ein Link zu einem neuen ist unterwegs.
done-user-unlocked = Die Person darf es wieder versuchen.
done-user-disabled = Die Person ist gesperrt. Ihre Sitzungen und Tokens sind beendet.
done-user-enabled = Die Person kann sich wieder anmelden.
done-user-removed = Die Person ist entfernt.
done-user-ended = Alles von dieser Person ist beendet.
done-user-factor = Entfernt, und die Sitzungen sind beendet.
done-user-session = Die Sitzung ist beendet.
done-user-sessions = Alle Sitzungen der Person sind beendet.
done-user-grant = Der Zugriff ist beendet.
done-user-grants = Der Zugriff aller Anwendungen ist beendet.

permission-users-read = Personen, die Arten ihrer zweiten Faktoren und ihre Gruppen sehen
permission-users-write = Personen anlegen, ändern, sperren und entfernen
permission-groups-read = Gruppen sehen
permission-groups-write = Gruppen anlegen, ändern und entfernen und sagen, wer darin ist
permission-roles-read = Rollen sehen
permission-roles-write = Rollen anlegen, ändern und entfernen
permission-clients-read = Clients sehen, aber nie ein Geheimnis
permission-clients-write = Clients registrieren, ändern und entfernen und ihre Geheimnisse ersetzen
permission-resources-read = APIs und ihre Scopes sehen
permission-resources-write = APIs und ihre Scopes anlegen, ändern und entfernen
permission-sessions-read = Sehen, wer wo angemeldet ist
permission-sessions-write = Sitzungen beenden
permission-grants-read = Sehen, welche Anwendung für wen handeln darf
permission-grants-write = Beenden, was Anwendungen für Personen dürfen, samt ihren Tokens
permission-keys-read = Signaturschlüssel sehen, aber nie einen privaten
permission-keys-write = Signaturschlüssel wechseln und widerrufen
permission-limits-read = Grenzen sehen, und wen sie aufhalten
permission-limits-write = Jemanden weitermachen lassen, den eine Grenze aufhält
permission-mails-read = Die Warteschlange der E-Mails sehen, aber nie ihren Inhalt
permission-mails-write = E-Mails noch einmal senden oder aufgeben
permission-settings-read = Einstellungen sehen
permission-settings-write = Einstellungen im laufenden Betrieb ändern, auch wie gut man sich ausweisen muss
permission-audit-read = Das Protokoll lesen, und warum etwas abgelehnt wurde
permission-emergency-write = Im Notfall alle Sitzungen und allen Zugriff beenden
