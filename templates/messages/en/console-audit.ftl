### The audit log in the console.

console-audit = Audit log
audit-lead = Who signed in, what was issued, refused and changed, newest first. Every event is sealed within a second.
audit-unwritten = This server cannot write events at the moment. It keeps them and tries again; its log says why.
audit-unsealed = Events are not being sealed. Run “signet doctor”: it says why.
audit-filter = Filter
audit-event = Event
audit-any = Any
audit-by-actor = Done by
audit-by-user = Person (identifier)
audit-by-client = Client (identifier)
audit-by-address = IP address
audit-by-request = Request
audit-by-sid = Session
audit-by-grant = Grant
audit-by-from = From
audit-by-to = Until
audit-faulty-address = This is no IP address.
audit-faulty-time = This is no date with a time.
audit-show = Show
audit-show-all = Show everything
audit-none = Nothing of that kind was recorded.
audit-older = Older events
# $name is a person or a client.
audit-done-by = by { $name }
audit-about-user = about { $name }
audit-about-client = for { $name }
actor-command-line = the command line
actor-first-start = the first start
actor-server = the server itself

event-at = When
event-number = Number
event-changes = What was changed
event-seal = Seal
event-unsealed = No seal holds this event yet. That takes a second.
event-unchanged = As it was sealed
event-was-changed = This event was changed after it was sealed. Run “signet audit verify”.
# $seq is the seal's number, $kid its key.
event-sealed = Seal { $seq }, made on { $at }, signed with the key { $kid }
event-back = All events

change-field = Field
change-before = Before
change-after = After
change-nothing = nothing
change-untold = Changed. The log does not hold what it was: it is a secret or somebody's own.

history-heading = History
history-changes =
    { $count ->
        [one] one field
       *[other] { $count } fields
    }
history-no-changes = Nothing was changed.
history-all = Everything that happened around it
history-client-created = Registered
history-client-changed = Changed
history-client-removed = Removed
history-user-created = Account made
history-user-changed = Changed
history-user-removed = Removed
history-user-invited = Invited
history-password-changed = Password changed
history-account-unlocked = Account unlocked
history-everything-ended = Everything ended
history-group-joined = Added to a group
history-group-left = Taken out of a group
history-factor-added = Second factor added
history-factor-removed = Second factor removed
history-recovery-codes-made = Recovery codes made
history-email-changed = Email address changed
history-deletion-scheduled = Deletion scheduled
history-deletion-cancelled = Deletion cancelled
history-something = Changed
