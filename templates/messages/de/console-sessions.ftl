### Sitzungen von allen, der Notfall, und Tokens im Voraus.

console-sessions = Sitzungen
all-sessions-lead = Wer wo angemeldet ist, das Neueste zuerst. Nach einer Client-Kennung: woher der Client Zugriff bekam, den er noch hat.
all-sessions-none = So ist niemand angemeldet.

console-emergency = Notfall
emergency-heading = Alles auf einmal beenden
emergency-loss = Jede Sitzung, jeder Zugriff von Anwendungen und jedes Token von allen endet sofort, auf jedem Knoten: auch die von Clients, und Ihre. Man meldet sich wieder an, Anwendungen fragen wieder. Das lässt sich nicht rückgängig machen.
emergency-sessions =
    { $count ->
        [one] Eine Sitzung endet jetzt.
       *[other] { $count } Sitzungen enden jetzt.
    }
# There are too many to count them all.
emergency-sessions-many = Mindestens { $count } Sitzungen enden jetzt.
emergency-grants-many = Mindestens { $count } Zugriffe von Anwendungen enden.
emergency-grants =
    { $count ->
        [one] Eine Anwendung verliert den Zugriff.
       *[other] { $count } Zugriffe von Anwendungen enden.
    }
emergency-reason = Warum
emergency-reason-hint = Das Protokoll bewahrt es auf.
emergency-word = Tippen Sie { $word }, um zu zeigen, dass Sie es meinen
emergency-do = Alles beenden
emergency-over = Alles ist beendet
emergency-sessions-ended =
    { $count ->
        [one] Eine Sitzung ist beendet.
       *[other] { $count } Sitzungen sind beendet.
    }
emergency-grants-ended =
    { $count ->
        [one] Ein Zugriff ist beendet.
       *[other] { $count } Zugriffe sind beendet.
    }
emergency-next = Finden Sie heraus, was geschehen ist, ersetzen Sie, was anderen bekannt sein könnte, und lassen Sie dann wieder anmelden.
emergency-again = Wieder anmelden

preview-heading = Tokens vorab ansehen
preview-lead = Was die Tokens einer Person für { $name } jetzt enthielten, und warum. Ausgestellt wird nichts.
preview-own-hint = Leer: das Token, das der Client mit seinen eigenen Zugangsdaten für sich bekommt.
preview-scopes = Der Client fragt nach
preview-resource = Das Access-Token ist für
preview-resource-any = was aus den Scopes folgt
preview-do = Ansehen
preview-access-token = Access-Token
preview-id-token = ID-Token
preview-no-id-token = Es gibt keines: Nach openid wird nicht gefragt.
preview-userinfo = Userinfo
preview-withheld = Nicht gewährt, weil die Rollen der Person es nicht erlauben: { $scope }
preview-by-scope = Durch den Scope { $scope }
preview-by-mapping = Durch eine Zuordnung aus { $source }
preview-by-value = Durch eine Zuordnung, die den Wert nennt
preview-nothing = Nichts außer dem, was jedes Token enthält.
preview-left-out = Für { $claims } ist kein Platz.
preview-roles = Was die Person innehat
preview-role-own = Ihr gegeben
preview-role-told = Der Client darf es erfahren
preview-role-hidden = Nicht für diesen Client

trial-heading = Anmeldung testen
trial-lead = Sie gehen den Weg aller, die sich bei { $name } anmelden: dieselben Seiten, dieselben Regeln. An die Anwendung geht nichts; der Server tritt an ihre Stelle und beendet sofort, was dabei herauskommt.
trial-redirect-uri = Die Anwendung wartet unter
trial-redirect-uri-hint = Die Anfrage nennt diese Adresse, aber es wird nichts dorthin gesendet.
trial-anew = Fragen, wer ich bin
trial-anew-hint = Wer sich unterwegs anmeldet, ist danach in diesem Browser angemeldet, an Ihrer Stelle.
trial-do = Beginnen

tried-well = Es geht
tried-well-lead = Das hätte { $name } bekommen. Die Tokens selbst hat niemand gesehen, und sie gelten nicht mehr; was erlaubt wurde, galt für dieses eine Mal.
tried-to = Antwort an
tried-refreshable = Es gab eines.
tried-not-refreshable = Es gibt keines: Der Client ist dafür nicht registriert.
tried-hidden = Was die Tokens sagen, betrifft jemanden, den Sie nicht ansehen dürfen.
tried-refused = Es wurde abgelehnt
tried-at-authorization = Diese Ablehnung hätte { $name } vom Autorisierungsendpunkt bekommen.
tried-at-token = Es gab einen Code, aber { $name } hätte diese Ablehnung vom Tokenendpunkt bekommen.
tried-rule = Regel
tried-again = Noch einmal testen
