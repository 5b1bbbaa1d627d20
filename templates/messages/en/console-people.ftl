### People in the console.

console-users = People
users-lead = Everybody who has an account here.
users-search = Search by name, user name or email address
users-state = State
users-state-any = Any state
users-state-active = Active
users-state-disabled = Disabled
users-role = Role
users-role-any = Any role
users-none = Nobody was found.
users-new = Add somebody

user-disabled = Disabled
user-leaving = Leaving
# $at is a date.
user-deletes = They asked for their account to be deleted. It goes on { $at }.
user-managed = A resource file declares this person. What you change here lasts until that file is applied again.
user-above = You see this person and cannot change them: they may do something that you may not.
user-username = User name
user-email = Email address
user-verified = Verified
user-unverified = Not verified
user-none = None
user-password = Password
user-password-set = Set
user-id = Identifier
user-created = Account made
user-changed = Last changed
user-edit = Change details
user-email-verified = The address is theirs
user-email-verified-hint = A new address counts as not verified unless you know.
user-attributes = Attributes
user-attributes-hint = What the operator says of them besides; a line for each: name, colon, value. Numbers, true, false and lists (["a", "b"]) are read as such; a text that looks like one stands in quotation marks.

user-roles = Roles
user-roles-lead = What { $name } holds themselves. Roles that a group gives are changed there.
user-roles-none = No roles.
user-role-by = By the group { $group }
user-change-roles = Change roles
role-administers = Administers
role-not-yours = It reaches further than your own roles: you can neither give nor take it.
role-owner = May do everything.
role-administrator = May do everything but end all sessions at once.
role-client-manager = Looks after clients and APIs.
role-user-manager = Looks after people: their accounts, groups, sessions and grants.
role-auditor = Sees everything and changes nothing.

user-groups = Groups
user-groups-lead = What { $name } is in. Whoever is in a group holds its roles.
user-groups-none = No groups.
user-change-groups = Change groups
group-leave = Take out
group-join-label = Put into the group
group-join = Put in
group-unknown = There is no group of this name.
group-done = Done

user-factors = Second factors
user-factors-none = None.
user-codes =
    { $count ->
        [0] No recovery codes left
        [one] One recovery code left
       *[other] { $count } recovery codes left
    }
user-remembered =
    { $count ->
        [one] In one browser they are not asked for a second step
       *[other] In { $count } browsers they are not asked for a second step
    }
user-lost-phone = Lost the phone: remove all
user-sessions = Signed in
user-sessions-none = Signed in nowhere.
user-grants = Applications with access
user-grants-none = No application holds tokens of theirs.
grant-scope = May use { $scope }
grant-offline = Stays connected after sign-out
user-end-heading = End, switch off or remove

new-user-invite-lead = They get a link by mail, and choose their user name and password themselves.
new-user-password-lead = You choose the user name. They can be sent a link to a password of their own from their page.
new-user-to-password = Make the account without an invitation
new-user-to-invite = Invite them instead
new-user-locale = Language of the invitation
new-user-locale-hint = For example en or de. Empty: the usual one.
new-user-password-hint = Empty: they have none until you send them a link. What you choose here, you know.
new-user-invite = Invite
new-user-make = Make the account

link-invitation = The invitation is made
link-password = Their password is gone
link-for = For { $name }
link-label = Link
link-once = No mail leaves this server, so pass the link on yourself, to nobody else. It is shown this once.
link-days =
    { $count ->
        [one] It is good for one day.
       *[other] It is good for { $count } days.
    }
link-minutes =
    { $count ->
        [one] It is good for one minute.
       *[other] It is good for { $count } minutes.
    }
link-on = Go on

ask-password = Reset this password?
ask-password-loss = The present password is worth nothing from now on, and all sessions and applications that it let in end. A link to a new password goes to the person's address.
ask-password-do = Reset password
ask-unlock = Let this person try again?
ask-unlock-loss = Failed sign-ins, wrong second factors and mails that were counted at this account are forgotten. Nothing else changes.
ask-unlock-do = Unlock
ask-user-disable = Disable this person?
ask-user-disable-loss = They can no longer sign in anywhere, and all their sessions and everything that applications may do for them end at once. You can enable them again; what has ended stays ended.
ask-user-enable = Enable this person?
ask-user-enable-loss = They can sign in again. Nothing that had ended comes back.
ask-end-all = End everything of this person's?
ask-end-all-loss = All their sessions, everything that applications may do for them and all tokens end at once, on every node, and browsers in which they are asked for no second step are forgotten. They can sign in again right away.
ask-end-all-do = End everything
ask-user-remove = Remove this person?
ask-user-remove-loss = Their account, roles, second factors, consents and everything else that is kept about them are lost, but for the audit log. Their sessions and tokens end at once. This cannot be undone.
ask-factors = Remove all second factors?
ask-factors-loss = Their authenticator app, passkeys, recovery codes and remembered browsers are lost, and all their sessions end, for whoever found them may be signed in. They are told by mail.
ask-factors-do = Remove all factors
ask-factor = Remove this factor?
ask-factor-loss = It proves nothing any more, and all their sessions end, for whoever found it may be signed in. They are told by mail.
ask-factor-do = Remove
ask-sessions = End all sessions of this person's?
ask-sessions-loss = They are signed out everywhere, and applications that may act only while they are signed in lose access. Remembered browsers are forgotten.
ask-sessions-do = End all sessions
ask-session = End this session?
ask-session-loss = They are signed out in that browser, and applications that may act only for as long lose access.
ask-session-do = End
ask-grants = End the access of all applications?
ask-grants-loss = No application can act for this person any more, and its tokens are worth nothing. What the person consented to stays: an application can ask again.
ask-grants-do = End all access
ask-grant = End the access of this application?
ask-grant-loss = It cannot act for this person any more, and its tokens are worth nothing. It can ask again.
ask-grant-do = End

done-user-invited = The invitation is on its way.
done-user-made = The account is made.
done-user-reset = The password is gone. A link to a new one is on its way to them.
done-user-unlocked = They may try again.
done-user-disabled = They are disabled. Their sessions and tokens have ended.
done-user-enabled = They can sign in again.
done-user-removed = They are removed.
done-user-ended = Everything of theirs has ended.
done-user-factor = It is removed, and their sessions have ended.
done-user-session = The session has ended.
done-user-sessions = All their sessions have ended.
done-user-grant = The access has ended.
done-user-grants = The access of all applications has ended.

permission-users-read = See people, what kinds of second factors they have, and their groups
permission-users-write = Make, change, disable and remove people
permission-groups-read = See groups
permission-groups-write = Make, change and remove groups, and say who is in them
permission-roles-read = See roles
permission-roles-write = Make, change and remove roles
permission-clients-read = See clients, but never a secret
permission-clients-write = Register, change and remove clients, and replace their secrets
permission-resources-read = See APIs and their scopes
permission-resources-write = Make, change and remove APIs and their scopes
permission-sessions-read = See who is signed in where
permission-sessions-write = End sessions
permission-grants-read = See which application may act for whom
permission-grants-write = End what applications may do for people, and their tokens
permission-keys-read = See signing keys, but never a private one
permission-keys-write = Rotate and revoke signing keys
permission-limits-read = See limits, and who is held back by them
permission-limits-write = Let somebody go on whom a limit holds back
permission-mails-read = See the mail queue, but never what a mail says
permission-mails-write = Send mails again, or give them up
permission-settings-read = See settings
permission-settings-write = Change settings while the server runs, and how well people have to prove themselves
permission-audit-read = Read the audit log, and why something was refused
permission-emergency-write = End every session and all access there is, in an emergency
