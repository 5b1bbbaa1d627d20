### Signing in, and choosing an account.

sign-in-title = Sign in
sign-in-to-continue = to continue to { $client }
sign-in-username = User name or email
sign-in-password = Password
sign-in-submit = Sign in
sign-in-passkey-submit = Sign in with a passkey

## Why the last try failed.

sign-in-wrong = That user name and password do not match. Check both and try again.
sign-in-incomplete = Enter your user name and your password.
sign-in-limited = There were too many failed attempts. Please wait { wait }, then try again.
sign-in-busy = Many people are signing in right now. Please wait { wait }, then try again.
sign-in-stale = That page was no longer valid. Please sign in again.
sign-in-passkey-refused = That passkey is not known here, or was refused. Sign in with your password instead.

## Why someone who is signed in has to do it again.

sign-in-confirm = Please sign in again to confirm it is you.
sign-in-too-long-ago = Your last sign-in was a while ago. Please sign in again to confirm it is you.
sign-in-before-change = Please sign in again: this changes what protects your account.
sign-in-other-account-expected = The application expects another account than the one you are signed in with.
sign-in-other-account-chosen = Sign in with the account that you want to use.

## Choosing an account.

select-account-title = Choose an account
select-account-to-continue = to continue to { $client }
select-account-current = Continue as { $name }
select-account-other = Use another account
select-account-other-detail = You will be asked to sign in

## A button that sends a large request on.

continue-title = Continue
continue-heading = One more step
continue-lead = { $client } has sent you here to sign in.
continue-lead-unknown = An application has sent you here to sign in.
continue-submit = Continue
