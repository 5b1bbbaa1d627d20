### The queue of mails, in the console.

console-mails = Mails
console-done-mail-again = The mail is tried again now.
console-done-mail-given-up = The mail is given up. What it said is forgotten.

mails-lead = What waits to be sent, and what could not be. What a mail says is not shown here, nor the whole address.
mails-waiting = Waiting
mails-dead = Given up
mails-sent = Sent
mails-none = There are none.
mail-to = To { $to }
mail-queued = queued { $at }
# $state is one of mail-state-….
mail-at = { $state }: { $at }
mail-attempts =
    { $count ->
        [0] not tried yet
        [one] tried once
       *[other] tried { $count } times
    }
mail-state-waiting = Next attempt
mail-state-failing = Next attempt after failures
mail-state-sent = Sent
mail-state-dead = Given up
mail-again = Send now
mail-give-up = Give up …
ask-mail = Give this mail up?
ask-mail-loss = What it says is forgotten, and nobody can send it again. Whoever waits for it has to ask for a new one.
ask-mail-do = Give up
