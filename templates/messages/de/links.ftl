### Links, die per E-Mail verschickt werden: vergessenes Passwort, Bestätigung einer Adresse, neues Konto.

## Was über ein neues Passwort gesagt wird, wo immer eines gewählt wird.

password-new = Neues Passwort
password-hint =
    { $count ->
        [one] Mindestens ein Zeichen. Ein paar Wörter ohne Zusammenhang merken Sie sich leichter als Sonderzeichen und Ziffern.
       *[other] Mindestens { $count } Zeichen. Ein paar Wörter ohne Zusammenhang merken Sie sich leichter als Sonderzeichen und Ziffern.
    }
password-too-short =
    { $count ->
        [one] Das Passwort braucht mindestens ein Zeichen.
       *[other] Das Passwort braucht mindestens { $count } Zeichen.
    }
password-too-long =
    { $count ->
        [one] Das Passwort darf höchstens ein Zeichen haben.
       *[other] Das Passwort darf höchstens { $count } Zeichen haben.
    }
password-breached = Dieses Passwort ist anderen bekannt geworden und wird zuerst ausprobiert. Bitte wählen Sie ein anderes.
password-own-words = Dieses Passwort besteht aus Ihrem Namen, Ihrer Adresse oder dem Namen dieses Dienstes. Bitte wählen Sie ein anderes.
password-guessable = Dieses Passwort ist leicht zu erraten. Machen Sie es länger, oder nehmen Sie Wörter, die nicht zusammengehören.

## Vergessenes Passwort.

sign-in-forgot = Passwort vergessen?
forgot-title = Passwort vergessen?
forgot-lead = Sagen Sie uns, wer Sie sind. Wir schicken einen Link an Ihre E-Mail-Adresse, mit dem Sie ein neues Passwort wählen.
forgot-submit = Link schicken
forgot-incomplete = Bitte geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.
forgot-limited = Das wurde zu oft angefordert. Bitte warten Sie { wait } und versuchen Sie es dann noch einmal.
forgot-sent =
    { $minutes ->
        [one] Wenn es dieses Konto gibt, ist eine E-Mail an seine Adresse unterwegs. Der Link darin gilt eine Minute lang.
       *[other] Wenn es dieses Konto gibt, ist eine E-Mail an seine Adresse unterwegs. Der Link darin gilt { $minutes } Minuten lang.
    }
forgot-sent-nothing = Nichts angekommen? Sehen Sie im Spam-Ordner nach, und prüfen Sie, ob Sie Benutzernamen oder Adresse so geschrieben haben wie beim Anmelden.

reset-title = Neues Passwort wählen
reset-lead = Für das Konto { $account }.
reset-submit = Passwort ändern
reset-everywhere = Alle Geräte, die jetzt angemeldet sind, werden abgemeldet.
reset-done-title = Ihr Passwort ist geändert
reset-done = Alle Geräte wurden abgemeldet. Kehren Sie zu der Anwendung zurück, von der Sie kamen, und melden Sie sich mit dem neuen Passwort an.

## Bestätigung einer Adresse.

verify-email-title = E-Mail-Adresse bestätigen
verify-email-lead = { $address } gehört zum Konto { $account }.
verify-email-submit = Bestätigen
verify-email-done-title = Ihre E-Mail-Adresse ist bestätigt
verify-email-done = Sie können diese Seite schließen.

## Eine andere Adresse.

change-email-title = Neue E-Mail-Adresse bestätigen
change-email-lead = { $address } wird die Adresse des Kontos { $account }.
change-email-first-title = Bitte zuerst anmelden
change-email-first = Dieser Link ist für den, der die Änderung verlangt hat. Melden Sie sich in diesem Browser bei dem Konto an und öffnen Sie den Link dann noch einmal.
change-email-approve-title = E-Mail-Adresse ändern?
change-email-approve-lead = Das Konto { $account } soll die Adresse { $address } haben anstelle der Adresse, an die dieser Link ging.
change-email-approve-warning = Wer die E-Mails der neuen Adresse liest, kann dann ein neues Passwort wählen. Stimmen Sie nur zu, wenn Sie das sind.
change-email-approve = Ja, ändern
change-email-refuse = Nein, diese Adresse behalten
change-email-done-title = Die E-Mail-Adresse ist geändert
change-email-done = Sie können diese Seite schließen. Melden Sie sich ab jetzt mit der neuen Adresse an.
change-email-waiting-title = Ein Link fehlt noch
change-email-waiting = Auch an die andere Adresse ging eine E-Mail. Die Adresse ändert sich, sobald der Link darin benutzt wurde.
change-email-refused-title = Die E-Mail-Adresse bleibt
change-email-refused = Nichts wurde geändert, und die verschickten Links gelten nicht mehr. Falls Sie die Änderung nicht verlangt haben, kennt vielleicht jemand anderes Ihr Passwort: Ändern Sie es.

## Neues Konto.

sign-in-register = Konto eröffnen
register-title = Konto eröffnen
register-lead = Wir schicken Ihnen einen Link, mit dem Sie zeigen, dass die Adresse Ihnen gehört. Alles Weitere kommt danach.
register-email = E-Mail-Adresse
register-submit = Link schicken
register-no-address = Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.com.
register-domains = Konten gibt es für Adressen von: { $domains }.
register-sent = Eine E-Mail an { $address } ist unterwegs. Darin steht, wie es weitergeht.
register-sent-nothing = Nichts angekommen? Sehen Sie im Spam-Ordner nach, und prüfen Sie die Adresse.

join-title = Konto eröffnen
join-lead = Ihre E-Mail-Adresse ist { $address }.
join-username = Benutzername
join-name = Ihr Name (wenn Sie möchten)
join-username-unfit = Ein Benutzername hat 1 bis 128 Zeichen, darunter keine unsichtbaren, und enthält „@“ nur, wenn er Ihre E-Mail-Adresse ist.
join-username-taken = Diesen Benutzernamen hat schon jemand anderes. Bitte wählen Sie einen anderen.
join-submit = Konto eröffnen
join-done-title = Ihr Konto ist eröffnet
join-done = Öffnen Sie die Anwendung, die Sie benutzen möchten, und melden Sie sich an.

## Ein Link, der nicht mehr gilt.

link-gone-title = Dieser Link gilt nicht mehr
link-gone = Er wurde schon benutzt, ist zu alt, oder es wurde ein neuerer verschickt.
link-gone-again = Neuen Link anfordern
