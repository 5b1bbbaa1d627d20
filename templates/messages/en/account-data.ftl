### Taking one's data along, and having the account deleted.

data-export-lead = Everything that is kept about you here as one JSON file: your profile, where you were signed in, what applications may do, and what happened. Your password is not in it.
data-export = Download your data
data-delete-heading = Delete your account
data-delete-lead =
    { $days ->
        [0] Your account is deleted with everything that belongs to it.
        [one] Your account is deleted with everything that belongs to it after one day. Until then you can sign in and keep it.
       *[other] Your account is deleted with everything that belongs to it after { $days } days. Until then you can sign in and keep it.
    }
data-delete = Delete the account …

delete-heading = Delete your account?
delete-lead =
    { $days ->
        [0] The account { $account } is deleted within a minute.
        [one] The account { $account } is deleted in one day. All devices are signed out now.
       *[other] The account { $account } is deleted in { $days } days. All devices are signed out now.
    }
delete-lost = What is lost:
delete-lost-profile = Your profile
delete-lost-sign-in = Your password and every other way to sign in
# Applications that sign people in here.
delete-lost-application = Your access to { $name }
delete-kept = What applications keep about you themselves is not deleted by this. The security log keeps what happened, without your name.
delete-refused = You are the only one who can administer this service, or its only owner, so your account stays. Give someone else that role first.
delete-submit = Delete my account

leaving-heading = Your account is going to be deleted
leaving-at = It is deleted on { $at }, with everything that belongs to it.
leaving-keep = Keep my account
leaving-signed-out = You are signed out everywhere. If you think again before then, sign in and keep it.
leaving-sign-in = Sign in
