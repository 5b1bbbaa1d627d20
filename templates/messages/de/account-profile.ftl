### Die Angaben eines Menschen.

profile-lead = Anwendungen, denen Sie Ihr Profil zeigen, erfahren, was hier steht. Sie melden sich als { $username } an; das kann nur die Verwaltung ändern.
profile-overtaken = Ihre Daten wurden anderswo geändert, während diese Seite offen war. So stehen sie jetzt da; bitte tragen Sie Ihre Änderungen noch einmal ein.
profile-submit = Speichern

claim-name = Vollständiger Name
claim-name-hint = So, wie Sie angesprochen werden möchten.
claim-given-name = Vorname
claim-middle-name = Weitere Vornamen
claim-family-name = Nachname
claim-nickname = Spitzname
claim-profile = Profilseite
claim-picture = Bild
claim-website = Website
claim-link-hint = Eine Adresse, die mit https:// beginnt
claim-gender = Geschlecht
claim-birthdate = Geburtsdatum
claim-birthdate-hint = Jahr-Monat-Tag, etwa 1990-02-28, oder nur das Jahr.
claim-zoneinfo = Zeitzone
claim-zoneinfo-hint = Zum Beispiel Europe/Berlin.
claim-locale = Sprache
claim-locale-hint = Ein Sprachkürzel wie de oder en-GB. Auch diese Seiten richten sich danach.
claim-phone-number = Telefonnummer
claim-phone-number-hint = Mit Ländervorwahl, etwa +49 30 901820.

claim-fault-line = Das ist zu lang: Höchstens 200 Zeichen sind möglich.
claim-fault-link = Das ist keine Adresse, die mit https:// beginnt.
claim-fault-birthdate = Das ist kein Datum: Schreiben Sie Jahr-Monat-Tag, etwa 1990-02-28, oder nur das Jahr.
claim-fault-zoneinfo = Das ist keine Zeitzone: Schreiben Sie sie wie Europe/Berlin.
claim-fault-locale = Das ist kein Sprachkürzel: Schreiben Sie es wie de oder en-GB.
claim-fault-phone-number = Das ist keine Telefonnummer mit Ländervorwahl: Schreiben Sie sie wie +49 30 901820.
