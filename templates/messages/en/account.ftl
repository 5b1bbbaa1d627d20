### A person's own account.

# Names the navigation.
account-nav = Your account
account-title = Your account
account-heading = Hello, { $name }
account-lead = What is kept about you here, and who may use it.
account-username = User name
account-email = Email address
account-email-unverified = Not verified
# How a person proves that it is them.
account-with-both = Password, authenticator app and passkey
account-with-passkey = Password and passkey
account-with-app = Password and authenticator app
account-with-password = Password only
account-unprotected = You administer this server, and a password is all that protects your account. Add a passkey or an authenticator app.
account-protect = Protect your account
account-email-pending = Is going to be { $address }
account-signed-in-at = Signed in here since
account-sessions-count =
    { $count ->
        [one] Only here
       *[other] { $count } places, this one included
    }
account-applications-count =
    { $count ->
        [0] None
        [one] One with access
       *[other] { $count } with access
    }

## The way to each page, and its heading.

account-overview = Overview
account-profile = Profile
account-password = Password
account-security = Sign-in security
account-sessions = Devices
account-applications = Applications
account-history = Activity
account-data = Your data
account-sign-out = Sign out

## What was just done.

done-profile = Your profile is saved.
done-password = Your password is changed. All other devices are signed out, and applications have to be connected again.
done-app = Your authenticator app is set up.
done-app-removed = The authenticator app is removed.
done-passkey = The passkey is created.
done-passkey-renamed = The passkey has its new name.
done-passkey-removed = The passkey is removed.
done-forgotten = That device is asked for the second step again.
done-all-forgotten = All devices are asked for the second step again.
done-email-asked = Mails are on their way. Your address changes when their links were used.
done-email-again = New links are on their way. The earlier ones can no longer be used.
done-email-cancelled = Your email address stays as it is.
done-email-verified = Your email address is verified.
done-verify-sent = A link is on its way to your email address.
done-session = That device is signed out.
done-sessions = All other devices are signed out.
done-withdrawn = The application has no access any more.
done-kept = Your account is kept.
done-old = The page was open for too long, so nothing was changed. Please try again.
done-overtaken = Something changed elsewhere in the meantime, so nothing was done. Please try again.
