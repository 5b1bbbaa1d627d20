### Where a person is signed in, which applications have access, and what happened.

sessions-lead = Where you are signed in. If you do not recognise one of these, sign it out and change your password.
# $browser and $system are names: Firefox, Linux.
sessions-device = { $browser } on { $system }
sessions-device-unknown = Unknown device
sessions-here = This device
sessions-since = Signed in { $at }
sessions-seen = Last used { $at }
sessions-address = From { $address }
sessions-end = Sign out
sessions-end-others = Sign out all other devices

applications-lead = These may use your account. If you withdraw the access of one, it ends at once; it has to ask you before it gets any again.
applications-none = No application has access to your account.
applications-since = Since { $at }
applications-last-used = Last used { $at }
applications-unused = Not in use now
applications-offline = Stays connected when you sign out
applications-scopes = What it may do
applications-withdraw = Withdraw access

history-lead = What happened around your account, the latest first.
history-none = Nothing has happened yet.
history-older = Show older
# How often something happened.
history-count =
    { $count ->
        [one] once
       *[other] { $count } times
    }
# Marks what a person should know whether they did it.
history-check = Was this you?
history-application = At { $name }
history-address = From { $address }
event-signed-in = Signed in
event-sign-in-failed = A sign-in failed
event-sign-in-limited = A sign-in was refused: too many had failed
event-session-ended = Signed out
event-consent-given = You let an application in
event-access-withdrawn = You withdrew an application’s access
event-password-changed = The password was changed
event-user-changed = The profile was changed
event-email-verified = The email address was verified
event-email-change-asked = Another email address was asked for
event-email-change-ended = The email address stayed as it was
event-email-changed = The email address was changed
event-deletion-scheduled = You asked for the account to be deleted
event-deletion-cancelled = You kept the account
event-data-exported = Your data was downloaded
event-factor-added = Another way to sign in was added
event-factor-removed = A way to sign in was removed
event-factor-refused = A second step was refused
event-recovery-codes-made = New recovery codes were made
event-passkey-renamed = A passkey got another name
event-passkey-cloned = A passkey was refused: it seems to have been copied
event-device-remembered = A device was remembered
event-device-forgotten = Remembered devices were forgotten
