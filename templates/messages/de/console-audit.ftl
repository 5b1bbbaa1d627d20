### Das Audit-Log in der Konsole.

console-audit = Audit-Log
audit-lead = Wer sich angemeldet hat, was ausgestellt, abgelehnt und geändert wurde, das Neueste zuerst. Jedes Ereignis wird binnen einer Sekunde versiegelt.
audit-unwritten = Dieser Server kann zurzeit keine Ereignisse schreiben. Er behält sie und versucht es weiter; warum, steht in seinem Log.
audit-unsealed = Ereignisse werden nicht versiegelt. Warum, sagt „signet doctor“.
audit-filter = Filter
audit-event = Ereignis
audit-any = Jedes
audit-by-actor = Getan von
audit-by-user = Person (Kennung)
audit-by-client = Client (Kennung)
audit-by-address = IP-Adresse
audit-by-request = Anfrage
audit-by-sid = Sitzung
audit-by-grant = Berechtigung
audit-by-from = Von
audit-by-to = Bis
audit-faulty-address = Das ist keine IP-Adresse.
audit-faulty-time = Das ist kein Datum mit Uhrzeit.
audit-show = Zeigen
audit-show-all = Alles zeigen
audit-none = Nichts dergleichen wurde aufgezeichnet.
audit-older = Ältere Ereignisse
audit-done-by = von { $name }
audit-about-user = betrifft { $name }
audit-about-client = für { $name }
actor-command-line = der Befehlszeile
actor-first-start = dem ersten Start
actor-server = dem Server selbst

event-at = Wann
event-number = Nummer
event-changes = Was geändert wurde
event-seal = Siegel
event-unsealed = Noch kein Siegel enthält dieses Ereignis. Das dauert eine Sekunde.
event-unchanged = Wie versiegelt
event-was-changed = Dieses Ereignis wurde nach dem Versiegeln verändert. Führen Sie „signet audit verify“ aus.
event-sealed = Siegel { $seq }, gemacht am { $at }, signiert mit dem Schlüssel { $kid }
event-back = Alle Ereignisse

change-field = Feld
change-before = Vorher
change-after = Nachher
change-nothing = nichts
change-untold = Geändert. Was es war, steht nicht im Log: Es ist ein Geheimnis oder gehört jemandem.

history-heading = Verlauf
history-changes =
    { $count ->
        [one] ein Feld
       *[other] { $count } Felder
    }
history-no-changes = Nichts wurde geändert.
history-all = Alles, was darum herum geschah
history-client-created = Registriert
history-client-changed = Geändert
history-client-removed = Entfernt
history-user-created = Konto angelegt
history-user-changed = Geändert
history-user-removed = Entfernt
history-user-invited = Eingeladen
history-password-changed = Passwort geändert
history-account-unlocked = Konto entsperrt
history-everything-ended = Alles beendet
history-group-joined = In eine Gruppe aufgenommen
history-group-left = Aus einer Gruppe genommen
history-factor-added = Zweiter Faktor eingerichtet
history-factor-removed = Zweiter Faktor entfernt
history-recovery-codes-made = Wiederherstellungscodes gemacht
history-email-changed = E-Mail-Adresse geändert
history-deletion-scheduled = Löschung vorgemerkt
history-deletion-cancelled = Löschung zurückgenommen
history-something = Geändert
