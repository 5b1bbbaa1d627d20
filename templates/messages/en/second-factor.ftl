### The second step of a sign-in.

second-factor-title = Confirm it is you
second-factor-account = Signing in as { $account }
second-factor-code = Code
second-factor-totp-hint = The six digits that your authenticator app shows now.
second-factor-email-hint = The digits from the mail that we have just sent you.
second-factor-recovery-code = Recovery code
second-factor-recovery-code-hint = One of the codes that you kept when you set up your second factor. Each works once.
second-factor-remember =
    { $days ->
        [one] Do not ask again on this device for a day
       *[other] Do not ask again on this device for { $days } days
    }
second-factor-submit = Continue
second-factor-passkey-submit = Use a passkey
second-factor-choose = How do you want to confirm it?
second-factor-instead-totp = Use your authenticator app
second-factor-instead-recovery-code = Use a recovery code
second-factor-instead-email-code = Have a code sent by mail

## Why a factor was not accepted.

trouble-wrong = That is not right. Please try again.
trouble-used = That code has been used already. Please wait for the next one.
trouble-expired = That took too long. Please try again.
trouble-cloned = This passkey seems to have been copied and was refused. Use another way, and remove it in your account.
trouble-limited = There were too many attempts. Please wait { wait }, then try again.

## Passkeys, wherever they are used.

passkey-failed = The passkey could not be used. Try again, or choose another way.
passkey-cancelled = It was broken off. Try again when you are ready.
passkey-known = This device has a passkey for your account already.
passkey-needs-scripts = Passkeys need JavaScript, which is switched off in this browser.

## Choosing what to set up.

choose-factor-title = Protect your account
choose-factor-lead = { $account } needs a second factor: something besides the password that only you have.
choose-factor-passkey = Passkey
choose-factor-passkey-detail = Your fingerprint, face, PIN or a security key. Safest, and quickest.
choose-factor-totp = Authenticator app
choose-factor-totp-detail = An app on your phone that shows a new code every 30 seconds.

## Leaving a page on which a factor is set up.

enrol-back = Back to your account

## Setting up an authenticator app.

enrol-totp-title = Set up your authenticator app
enrol-totp-lead = Scan this code with the app.
enrol-totp-replaces = The one you use now works until you have confirmed this one.
enrol-totp-qr = QR code for your authenticator app
enrol-totp-typing = Cannot scan it? Type this key into the app instead:
enrol-totp-open = The app is on this device: open it
enrol-totp-code = Code
enrol-totp-code-hint = The six digits that the app shows now.
enrol-totp-submit = Confirm

## Making a passkey.

enrol-passkey-title = Create a passkey
enrol-passkey-lead = Your browser will ask for your fingerprint, face, PIN or security key.
enrol-passkey-name = Name
enrol-passkey-name-default = My passkey
enrol-passkey-submit = Create the passkey

## Recovery codes.

recovery-codes-title = Keep these recovery codes
recovery-codes-lead = If you lose your phone or your security key, one of these codes lets you in. Each works once.
recovery-codes-keep = Print them or put them into a password manager: they are not shown again.
recovery-codes-submit = I have kept them
