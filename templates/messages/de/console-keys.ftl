### Schlüssel, in der Konsole.

console-keys = Schlüssel
console-done-rotated = Die nächsten Schlüssel signieren, sobald alle Prüfenden sie kennen können.
console-done-key-revoked = Der Schlüssel ist widerrufen. Was er signiert hat, gilt nicht mehr.

keys-lead = Sie signieren Token und versiegeln, was unterwegs ist. Jeder wird veröffentlicht, bevor er benutzt wird, und von selbst ersetzt.
keys-old = Frühere Schlüssel
key-signs = signiert Token
key-proves = beglaubigt Refresh-Token
key-seals = versiegelt Formulare
key-state-next = Nächster
key-state-current = In Gebrauch
key-state-retiring = Noch veröffentlicht
key-state-retired = Abgelöst
key-state-revoked = Widerrufen
key-times-next = Kommt an die Reihe am { $at }.
key-times-current = In Gebrauch seit { $at }.
key-times-until = Der nächste übernimmt am { $at }.
key-times-retiring = In Gebrauch bis { $at }; veröffentlicht bis { $gone }.
key-times-retired = In Gebrauch bis { $at }.
key-times-revoked = Widerrufen am { $at }.
key-times-made = Erzeugt { $at }.
key-revoke = Widerrufen …

rotate-heading = Signaturschlüssel ersetzen
rotate-lead = Der nächste Schlüssel übernimmt, sobald alle Prüfenden ihn gesehen haben können. Was der jetzige signiert hat, gilt weiter; niemand merkt etwas davon.
rotate-which = Von welchem Algorithmus
rotate-all = Alle
rotate-do = Jetzt ersetzen

ask-key = Diesen Schlüssel widerrufen?
ask-key-which = { $alg }, { $kid }.
ask-key-loss = Für einen Schlüssel, den jemand anderes haben könnte. Er verschwindet sofort aus der veröffentlichten Menge, und kein Token gilt mehr, das er signiert hat oder beglaubigt. Wer eine Kopie der Menge hält, glaubt ihm, bis sie erneuert wird. Das lässt sich nicht rückgängig machen.
ask-key-grants = Berechtigungen mit lebendem Zugriffstoken; die mit diesem Schlüssel signierten gehen verloren und werden neu geholt
ask-key-ending = Berechtigungen, die enden: Die Leute melden sich neu an
ask-key-clients = Clients, die mit diesem Algorithmus Signiertes bekommen
ask-key-at-least = mindestens { $count }
ask-key-resources = APIs, deren Token damit signiert sind
ask-key-not-yours = Jeden Zugriff zu beenden verlangt die Berechtigung { $permission }, die Ihnen keine Ihrer Rollen gibt.
ask-key-do = Schlüssel widerrufen
