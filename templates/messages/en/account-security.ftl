### The password, and everything else by which a person proves who they are.

password-change-lead = With a new password all other devices are signed out and all applications lose their access until you sign in to them again. This device stays signed in.
password-current = Present password
password-current-wrong = That is not your present password.
password-current-limited = The present password was wrong too often. Please wait { wait }, then try again.
password-change = Change password
