### Limits, in the console.

console-limits = Limits
console-done-released = What was counted is forgotten: they can go on.

limits-lead = What slows down whoever guesses or floods, and whom that holds back now.
held-heading = Held back now
held-none = Nobody, as far as is known.
held-known = Waits of less than a second are not shown. Whoever typed a name that nobody has is counted without it.
held-until = Until { $at }
limits-alone = Redis does not answer: this server knows only of those that it held back itself.
whom-user = Person
whom-network = Address
whom-client = Client
whom-name = A name that nobody has
whom-link = A link that was sent by mail
whom-browser = A browser that is known
release-heading = Let an address go
release-address = Address
release-address-hint = IPv4 or IPv6; of an IPv6 address its whole /64 is let go.
release-no-address = That is no address.
release-do = Let go
limits-heading = What they let through
limits-counted = Redis:
limit-any = any number
limit-number =
    { $period ->
        [one] { $number } in a second
       *[other] { $number } in { $period } seconds
    }
