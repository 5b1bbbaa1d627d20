### Einstellungen, in der Konsole.

console-settings = Einstellungen
settings-lead = Was gilt und woher es kommt. Was die Konfigurationsdatei oder die Umgebung setzt, gilt, bis es dort geändert wird; einiges andere lässt sich hier ändern, und jeder Server richtet sich binnen einer Sekunde danach.
setting-default = Vorgabe
setting-file = Datei
setting-environment = Umgebung
setting-run-time = Hier geändert
setting-on = ja
setting-off = nein
setting-back = Änderung zurücknehmen
setting-secret = Gesetzt; wird niemandem gezeigt.
setting-no-secret = Nicht gesetzt.
setting-none = Nicht gesetzt.
