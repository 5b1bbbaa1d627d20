### Was nicht geht. Was genau falsch ist, steht auf Englisch da, für die, die es beheben müssen.

## Was geschehen ist.

refusal-server-error = Hier ist etwas schiefgegangen
refusal-unavailable = Dieser Server kann gerade nicht antworten
refusal-access-denied = Der Zugriff wurde verweigert
refusal-stale = Diese Seite ist nicht mehr gültig
refusal-invalid-request = Die Anfrage der Anwendung ist ungültig
refusal-too-often = Das war zu oft
refusal-unreadable = Diese Anfrage lässt sich nicht lesen
refusal-not-found = Hier ist nichts
refusal-method-not-allowed = Diese Adresse lässt sich so nicht öffnen

## Was man tun kann.

refusal-tell-the-application = Die Anwendung, die Sie hierher geschickt hat, hat einen Fehler gemacht; ihr wurde nichts mitgeteilt. Ein neuer Versuch hilft nicht: Bitte wenden Sie sich an die Betreiber der Anwendung und geben Sie ihnen die folgenden Angaben weiter.
refusal-start-over = Gehen Sie zurück zur Anwendung und beginnen Sie dort noch einmal.
refusal-later = Bitte warten Sie { wait } und versuchen Sie es dann noch einmal.
refusal-check-the-address = Prüfen Sie die Adresse oder beginnen Sie auf der Startseite.
refusal-back = Zurück zur Anwendung
refusal-start-page = Startseite

## Die Angaben.

refusal-description = Was falsch ist
refusal-code = Fehler
refusal-request = Anfrage
