### Signing out.

sign-out-title = Sign out
sign-out-heading = Sign out?
sign-out-signed-in-as = You are signed in as { $name }.
sign-out-asked-by = { $client } has asked to sign you out here, too.
sign-out-consequence = The next application that you open will ask you to sign in again.
sign-out-submit = Sign out
sign-out-stay = To stay signed in, just leave this page.

signed-out-title = Signed out
signed-out-heading = You are signed out
signed-out-shared-computer = On a shared computer it is wise to close the browser as well.
signed-out-back = Back to { $client }
signed-out-continue = Continue
