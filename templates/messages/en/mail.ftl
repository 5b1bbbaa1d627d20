### Mails. Each has a subject; what follows it is the text, in this order.

mail-greeting = Hello,
mail-greeting-name = Hello { $name },
mail-footer = { $product } sends this mail by itself; nobody reads an answer to it. { $issuer }
mail-link-hours =
    { $hours ->
        [one] The link works once, within an hour.
       *[other] The link works once, within { $hours } hours.
    }
mail-not-you = If you know nothing of this, you need do nothing: without the link nothing happens.
mail-alarm = If this was not you, someone else may be using your account: sign in, change your password, and tell the people who run this service.

## Ways to prove oneself besides the password. $factor is totp, passkey, recovery_code or email_code.

mail-factor =
    { $factor ->
        [totp] an authenticator app
        [passkey] a passkey
        [recovery_code] recovery codes
       *[email_code] codes by email
    }

## A code for signing in.

mail-email-code-subject = Your code for { $product }
mail-email-code-lead = This is the code with which you can sign in to { $product }:
mail-email-code-expires =
    { $minutes ->
        [one] It is good for one minute.
       *[other] It is good for { $minutes } minutes.
    }
mail-email-code-not-you = Nobody will ever ask you for it on the telephone or in a message. If you are not signing in just now, someone knows your password: change it.

## Showing that an address is one's own.

mail-verify-email-subject = Confirm your email address for { $product }
mail-verify-email-lead = Someone gave { $address } as their email address at { $product }. If that was you, please confirm it.
mail-verify-email-button = Confirm this address

## A forgotten password.

mail-reset-password-subject = Choose a new password for { $product }
mail-reset-password-lead = Someone asked for a new password for your account at { $product }. If that was you, choose one here:
mail-reset-password-button = Choose a new password
mail-reset-password-expires =
    { $minutes ->
        [one] The link works once, within one minute.
       *[other] The link works once, within { $minutes } minutes.
    }
mail-reset-password-not-you = If it was not you, you need do nothing: your password stays as it is.

## Registering.

mail-confirm-registration-subject = Finish your registration at { $product }
mail-confirm-registration-lead = Someone, probably you, wants to open an account at { $product } with this address. Finish it here:
mail-confirm-registration-button = Finish registration

mail-already-registered-subject = You already have an account at { $product }
mail-already-registered-lead = Someone, probably you, wanted to open an account at { $product } with the address { $address }. There already is one: just sign in.
mail-already-registered-forgot = If you no longer know your password, you can choose a new one.
mail-already-registered-button = Choose a new password
mail-already-registered-not-you = If it was not you, you need do nothing: nobody was told that you have an account.

mail-invitation-subject = Your account at { $product }
mail-invitation-lead = You are invited to open an account at { $product } with the address { $address }.
mail-invitation-button = Open the account
mail-invitation-expires =
    { $days ->
        [one] The link works once, within one day.
       *[other] The link works once, within { $days } days.
    }
mail-invitation-not-you = If you expected no invitation, you need do nothing.

## What happened to an account. $when is a date and a time in the zone of the person.

mail-password-changed-subject = Your password for { $product } was changed
mail-password-changed-lead = The password of your account at { $product } was changed on { $when }. All devices were signed out.

mail-factor-added-subject = Another way to sign in to { $product }
mail-factor-added-lead = Since { $when } your account has another way to prove that it is you: { mail-factor }.

mail-factor-removed-subject = One way less to sign in to { $product }
mail-factor-removed-lead = Since { $when } your account has one way less to prove that it is you: { mail-factor }.

mail-recovery-codes-made-subject = New recovery codes for { $product }
mail-recovery-codes-made-lead = New recovery codes were made for your account on { $when }. The old ones do not work any more.

mail-recovery-code-used-subject = A recovery code was used at { $product }
mail-recovery-code-used-lead = Someone signed in to your account with one of its recovery codes on { $when }.
mail-recovery-code-used-left =
    { $left ->
        [0] It was the last one: make new ones.
        [one] One is left: make new ones.
       *[other] { $left } are left.
    }

mail-passkey-cloned-subject = A passkey was refused at { $product }
mail-passkey-cloned-lead = The passkey “{ $passkey }” was refused on { $when }, because a copy of it seems to be in use.
mail-passkey-cloned-advice = Remove this passkey from your account and add a new one. If you did not sign in then, someone else may have the copy: tell the people who run this service.

mail-email-changed-subject = Your email address at { $product } was changed
mail-email-changed-lead = Since { $when } your account has another email address instead of { $address }.

## Another address for an account.

mail-confirm-address-subject = Confirm your new email address for { $product }
mail-confirm-address-lead = Someone wants { $address } to be the email address of their account at { $product }. If that was you, please confirm it where you are signed in.

mail-approve-address-subject = A new email address for your account at { $product }
mail-approve-address-lead = Someone who is signed in to your account at { $product } wants it to have the address { $new } instead of this one. If that was you, please agree; here you can refuse, too.
mail-approve-address-button = Look at the change

mail-address-taken-subject = Your email address at { $product }
mail-address-taken-lead = Someone wanted { $address } to be the email address of another account at { $product }. It stays with yours. If that was you, sign in with this address instead.
mail-address-taken-not-you = If it was not you, you need do nothing: nobody was told that you have an account.

mail-account-deletion-scheduled-subject = Your account at { $product } is going to be deleted
mail-account-deletion-scheduled-lead = Your account, with everything that belongs to it, is going to be deleted on { $at }. Until then you can sign in and keep it.
