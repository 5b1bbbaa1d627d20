### Einer Anwendung erlauben, worum sie bittet, und zu ihr zurückkehren.

consent-title = Zugriff erlauben
consent-heading = { $client } bittet um Zugriff
consent-account = auf das Konto { $account }
consent-scopes = Wenn Sie zustimmen, kann { $client }:
consent-scope-other = { $scope } verwenden
consent-scope-api = bei { $api }
consent-new = Neu
consent-allow = Erlauben
consent-deny = Ablehnen
consent-goes-back = In beiden Fällen kehren Sie zu { $host } zurück.
consent-about = Über die Anwendung
consent-website = Website
consent-privacy = Datenschutzerklärung
consent-terms = Nutzungsbedingungen

## Was jeder Scope für einen Menschen bedeutet.

scope-openid = Wissen, wer Sie sind
scope-openid-detail = Eine Kennung Ihres Kontos, die bei jeder Anmeldung dieselbe ist.
scope-profile = Ihr Profil sehen
scope-profile-detail = Ihren Namen, Ihren Benutzernamen und weitere Angaben aus Ihrem Profil.
scope-email = Ihre E-Mail-Adresse sehen
scope-email-detail = Und ob sie bestätigt ist.
scope-address = Ihre Anschrift sehen
scope-address-detail = So, wie sie in Ihrem Profil steht.
scope-phone = Ihre Telefonnummer sehen
scope-phone-detail = Und ob sie bestätigt ist.
scope-offline-access = Den Zugriff behalten, während Sie nicht da sind
scope-offline-access-detail = Die Verbindung bleibt bestehen, bis dieser Zugriff entzogen wird.
scope-roles = Ihre Rollen sehen
scope-roles-detail = Was Sie hier sind, soweit es diese Anwendung betrifft.
scope-groups = Ihre Gruppen sehen
scope-groups-detail = Die Namen der Gruppen, in denen Sie sind.

## Die Seite, die der Anwendung die Antwort schickt.

form-post-title = Zurück zur Anwendung
form-post-heading = Zurück zu { $client }
form-post-heading-unknown = Zurück zur Anwendung
form-post-lead = Falls nicht gleich etwas geschieht, verwenden Sie den Knopf.
form-post-submit = Weiter
