### Mails. Each has a subject; what follows it is the text, in this order.

mail-greeting = Guten Tag,
mail-greeting-name = Guten Tag { $name },
mail-footer = Diese E-Mail wurde von { $product } automatisch verschickt; Antworten werden nicht gelesen. { $issuer }
mail-link-hours =
    { $hours ->
        [one] Der Link gilt einmal und eine Stunde lang.
       *[other] Der Link gilt einmal und { $hours } Stunden lang.
    }
mail-not-you = Wenn Sie davon nichts wissen, brauchen Sie nichts zu tun: Ohne den Link geschieht nichts.
mail-alarm = Falls Sie das nicht waren, benutzt vielleicht jemand anderes Ihr Konto: Melden Sie sich an, ändern Sie Ihr Passwort, und geben Sie den Betreibern dieses Dienstes Bescheid.

## Ways to prove oneself besides the password. $factor is totp, passkey, recovery_code or email_code.

mail-factor =
    { $factor ->
        [totp] eine Authenticator-App
        [passkey] ein Passkey
        [recovery_code] Wiederherstellungscodes
       *[email_code] Codes per E-Mail
    }

## A code for signing in.

mail-email-code-subject = Ihr Code für { $product }
mail-email-code-lead = Mit diesem Code können Sie sich bei { $product } anmelden:
mail-email-code-expires =
    { $minutes ->
        [one] Er gilt eine Minute lang.
       *[other] Er gilt { $minutes } Minuten lang.
    }
mail-email-code-not-you = Niemand wird Sie je am Telefon oder in einer Nachricht danach fragen. Wenn Sie sich gerade nicht anmelden, kennt jemand Ihr Passwort: Ändern Sie es.

## Showing that an address is one's own.

mail-verify-email-subject = Bestätigen Sie Ihre E-Mail-Adresse für { $product }
mail-verify-email-lead = Jemand hat { $address } bei { $product } als E-Mail-Adresse angegeben. Wenn Sie das waren, bestätigen Sie sie bitte.
mail-verify-email-button = Adresse bestätigen

## A forgotten password.

mail-reset-password-subject = Neues Passwort für { $product }
mail-reset-password-lead = Jemand hat für Ihr Konto bei { $product } ein neues Passwort angefordert. Wenn Sie das waren, wählen Sie es hier:
mail-reset-password-button = Neues Passwort wählen
mail-reset-password-expires =
    { $minutes ->
        [one] Der Link gilt einmal und eine Minute lang.
       *[other] Der Link gilt einmal und { $minutes } Minuten lang.
    }
mail-reset-password-not-you = Falls Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.

## Registering.

mail-confirm-registration-subject = Schließen Sie Ihre Registrierung bei { $product } ab
mail-confirm-registration-lead = Jemand, wahrscheinlich Sie, möchte mit dieser Adresse ein Konto bei { $product } eröffnen. Hier geht es weiter:
mail-confirm-registration-button = Registrierung abschließen

mail-already-registered-subject = Sie haben bereits ein Konto bei { $product }
mail-already-registered-lead = Jemand, wahrscheinlich Sie, wollte mit der Adresse { $address } ein Konto bei { $product } eröffnen. Es gibt schon eines: Melden Sie sich einfach an.
mail-already-registered-forgot = Falls Sie Ihr Passwort nicht mehr wissen, können Sie ein neues wählen.
mail-already-registered-button = Neues Passwort wählen
mail-already-registered-not-you = Falls Sie das nicht waren, brauchen Sie nichts zu tun: Niemand hat erfahren, dass Sie ein Konto haben.

mail-invitation-subject = Ihr Konto bei { $product }
mail-invitation-lead = Sie sind eingeladen, mit der Adresse { $address } ein Konto bei { $product } zu eröffnen.
mail-invitation-button = Konto eröffnen
mail-invitation-expires =
    { $days ->
        [one] Der Link gilt einmal und einen Tag lang.
       *[other] Der Link gilt einmal und { $days } Tage lang.
    }
mail-invitation-not-you = Wenn Sie keine Einladung erwartet haben, brauchen Sie nichts zu tun.

## What happened to an account. $when is a date and a time in the zone of the person.

mail-password-changed-subject = Ihr Passwort für { $product } wurde geändert
mail-password-changed-lead = Das Passwort Ihres Kontos bei { $product } wurde geändert ({ $when }). Alle Geräte wurden abgemeldet.

mail-factor-added-subject = Neue Anmeldemöglichkeit bei { $product }
mail-factor-added-lead = Zu Ihrem Konto wurde eine Möglichkeit hinzugefügt, sich auszuweisen ({ $when }): { mail-factor }.

mail-factor-removed-subject = Anmeldemöglichkeit bei { $product } entfernt
mail-factor-removed-lead = Von Ihrem Konto wurde eine Möglichkeit entfernt, sich auszuweisen ({ $when }): { mail-factor }.

mail-recovery-codes-made-subject = Neue Wiederherstellungscodes für { $product }
mail-recovery-codes-made-lead = Für Ihr Konto wurden am { $when } neue Wiederherstellungscodes erzeugt. Die alten gelten nicht mehr.

mail-recovery-code-used-subject = Wiederherstellungscode bei { $product } verwendet
mail-recovery-code-used-lead = Jemand hat sich mit einem Wiederherstellungscode an Ihrem Konto angemeldet ({ $when }).
mail-recovery-code-used-left =
    { $left ->
        [0] Es war der letzte: Erzeugen Sie neue.
        [one] Einer ist noch übrig: Erzeugen Sie neue.
       *[other] { $left } sind noch übrig.
    }

mail-passkey-cloned-subject = Ein Passkey wurde bei { $product } abgelehnt
mail-passkey-cloned-lead = Der Passkey „{ $passkey }“ wurde abgelehnt ({ $when }), weil offenbar eine Kopie davon in Gebrauch ist.
mail-passkey-cloned-advice = Entfernen Sie diesen Passkey aus Ihrem Konto und fügen Sie einen neuen hinzu. Falls Sie sich zu dieser Zeit nicht angemeldet haben, hat vielleicht jemand anderes die Kopie: Geben Sie den Betreibern dieses Dienstes Bescheid.

mail-email-changed-subject = Ihre E-Mail-Adresse bei { $product } wurde geändert
mail-email-changed-lead = Ihr Konto hat jetzt eine andere E-Mail-Adresse als { $address } ({ $when }).

## Another address for an account.

mail-confirm-address-subject = Bestätigen Sie Ihre neue E-Mail-Adresse für { $product }
mail-confirm-address-lead = Jemand möchte { $address } als E-Mail-Adresse für ein Konto bei { $product } verwenden. Wenn Sie das waren, bestätigen Sie sie bitte dort, wo Sie angemeldet sind.

mail-approve-address-subject = Neue E-Mail-Adresse für Ihr Konto bei { $product }
mail-approve-address-lead = Jemand, der an Ihrem Konto bei { $product } angemeldet ist, möchte dafür die Adresse { $new } anstelle dieser. Wenn Sie das waren, stimmen Sie bitte zu; ablehnen können Sie hier auch.
mail-approve-address-button = Änderung ansehen

mail-address-taken-subject = Ihre E-Mail-Adresse bei { $product }
mail-address-taken-lead = Jemand wollte { $address } als E-Mail-Adresse für ein anderes Konto bei { $product } verwenden. Sie bleibt bei Ihrem. Wenn Sie das waren, melden Sie sich stattdessen mit dieser Adresse an.
mail-address-taken-not-you = Falls Sie das nicht waren, brauchen Sie nichts zu tun: Niemand hat erfahren, dass Sie ein Konto haben.

mail-account-deletion-scheduled-subject = Ihr Konto bei { $product } wird gelöscht
mail-account-deletion-scheduled-lead = Ihr Konto wird mit allem, was dazugehört, am { $at } gelöscht. Bis dahin können Sie sich anmelden und es behalten.
