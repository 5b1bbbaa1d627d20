### The password, and everything else by which a person proves who they are.

password-change-lead = With a new password all other devices are signed out and all applications lose their access until you sign in to them again. This device stays signed in.
password-current = Present password
password-current-wrong = That is not your present password.
password-current-limited = The present password was wrong too often. Please wait { wait }, then try again.
password-change = Change password

## Other ways to prove that it is oneself.

security-lead = How you prove that it is you, besides the password.
security-required = You have to have a passkey or an authenticator app: the last one stays until you add another.
security-last = Nothing was removed: you have to have a passkey or an authenticator app, and this is the last one. Add another first.
security-name = That name cannot be used: it is too long, or has characters that cannot be shown.
security-since = Since { $at }
security-until = Until { $at }
security-last-used = Last used { $at }
security-unused = Not used yet
security-change = Change
security-remove-lead = With the last passkey or authenticator app your recovery codes go, too. All devices are asked for the second step again.

security-app = Authenticator app
security-app-add = Set up an authenticator app
security-app-replace-lead = On another phone? Set the app up there. The one you use now works until you have done so.
security-app-replace = Set up another app
security-app-remove = Remove the app

security-passkeys = Passkeys
security-passkey-unnamed = Unnamed passkey
# A passkey that is copied to a person's other devices.
security-passkey-synchronised = Synchronised
# A passkey that stays where it was made.
security-passkey-bound = On one device
security-passkey-add = Create a passkey
security-passkey-rename = Rename
security-passkey-remove = Remove the passkey
security-passkeys-full = No further passkey can be created here.

security-codes = Recovery codes
security-codes-left =
    { $count ->
        [0] There are none left.
        [one] One is left.
       *[other] { $count } are left.
    }
security-codes-new-lead = New ones take the place of all the old ones, and are shown once.
security-codes-new = Make new codes
security-codes-replaced = The old ones do not work any more.

security-browsers = Remembered devices
security-browsers-lead = In these browsers you are not asked for the second step when you sign in.
security-forget = Forget
security-forget-all = Forget all of them
