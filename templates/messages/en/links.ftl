### Links that are sent by mail: a forgotten password, an address to confirm, an account to open.

## What is said of a new password, wherever one is chosen.

password-new = New password
password-hint =
    { $count ->
        [one] At least one character. A few unrelated words are easier to remember than signs and digits.
       *[other] At least { $count } characters. A few unrelated words are easier to remember than signs and digits.
    }
password-too-short =
    { $count ->
        [one] The password needs at least one character.
       *[other] The password needs at least { $count } characters.
    }
password-too-long =
    { $count ->
        [one] The password may have at most one character.
       *[other] The password may have at most { $count } characters.
    }
password-breached = This password has become known to others: guessers try it first. Choose another one.
password-own-words = This password is made of your own name or address, or of the name of this service. Choose another one.
password-guessable = This password is easily guessed. Make it longer, or take words that do not belong together.

## A forgotten password.

sign-in-forgot = Forgot your password?
forgot-title = Forgot your password?
forgot-lead = Tell us who you are, and we send a link to your email address, with which you choose a new one.
forgot-submit = Send the link
forgot-incomplete = Please enter your user name or email address.
forgot-limited = That was asked for too often. Please wait { wait }, then try again.
forgot-sent =
    { $minutes ->
        [one] If there is such an account, a mail is on its way to its address. The link in it is good for one minute.
       *[other] If there is such an account, a mail is on its way to its address. The link in it is good for { $minutes } minutes.
    }
forgot-sent-nothing = Nothing there? Look in your spam folder, and check that you wrote your user name or address as you do when you sign in.

reset-title = Choose a new password
reset-lead = For the account { $account }.
reset-submit = Change the password
reset-everywhere = All devices that are signed in now are signed out.
reset-done-title = Your password is changed
reset-done = All devices were signed out. Go back to the application that you came from, and sign in with the new password.

## An address to confirm.

verify-email-title = Confirm your email address
verify-email-lead = { $address } belongs to the account { $account }.
verify-email-submit = Confirm
verify-email-done-title = Your email address is confirmed
verify-email-done = You can close this page.

## Another address.

change-email-title = Confirm your new email address
change-email-lead = { $address } is going to be the address of the account { $account }.
change-email-first-title = Sign in first
change-email-first = This link is for whoever asked for the change. Sign in to that account in this browser, then open the link once more.
change-email-approve-title = Change the email address?
change-email-approve-lead = The account { $account } is going to have the address { $address } instead of the one that this link was sent to.
change-email-approve-warning = Whoever reads the mail of the new address can then choose a new password. Agree only if that is you.
change-email-approve = Yes, change it
change-email-refuse = No, keep this address
change-email-done-title = The email address is changed
change-email-done = You can close this page. Sign in with the new address from now on.
change-email-waiting-title = One link is left
change-email-waiting = A mail went to the other address, too. The address changes when the link in it was used.
change-email-refused-title = The email address stays
change-email-refused = Nothing was changed, and the links that were sent can no longer be used. If you did not ask for the change, someone else may know your password: change it.

## An account to open.

sign-in-register = Open an account
register-title = Open an account
register-lead = We send you a link to show that the address is yours. Everything else comes after that.
register-email = Email address
register-submit = Send the link
register-no-address = Please enter a whole email address, such as name@example.com.
register-domains = Accounts are open to addresses of: { $domains }.
register-sent = A mail is on its way to { $address }. It says how to go on.
register-sent-nothing = Nothing there? Look in your spam folder, and check the address.

join-title = Open your account
join-lead = Your email address is { $address }.
join-username = User name
join-name = Your name (if you like)
join-username-unfit = A user name has 1 to 128 characters, none of them invisible, and “@” only if it is your email address.
join-username-taken = Somebody else has this user name. Please choose another one.
join-submit = Open the account
join-done-title = Your account is open
join-done = Go to the application that you want to use, and sign in.

## A link that is good for nothing any more.

link-gone-title = This link can no longer be used
link-gone = It was used before, is too old, or a newer one was sent.
link-gone-again = Ask for a new link
