### Grenzen, in der Konsole.

console-limits = Grenzen
console-done-released = Was gezählt war, ist vergessen: Es geht weiter.

limits-lead = Was alle bremst, die raten oder überfluten, und wen es gerade aufhält.
held-heading = Gerade aufgehalten
held-none = Niemand, soweit bekannt.
held-known = Wartezeiten unter einer Sekunde stehen hier nicht. Wer einen Namen eingegeben hat, den niemand trägt, wird ohne ihn gezählt.
held-until = Bis { $at }
limits-alone = Redis antwortet nicht: Dieser Server weiß nur von denen, die er selbst aufgehalten hat.
whom-user = Person
whom-network = Adresse
whom-client = Client
whom-name = Ein Name, den niemand trägt
whom-link = Ein Link aus einer Mail
whom-browser = Ein bekannter Browser
release-heading = Eine Adresse freigeben
release-address = Adresse
release-address-hint = IPv4 oder IPv6; bei einer IPv6-Adresse wird ihr ganzes /64 freigegeben.
release-no-address = Das ist keine Adresse.
release-do = Freigeben
limits-heading = Was sie durchlassen
limits-counted = Redis:
limit-any = beliebig viele
limit-number =
    { $period ->
        [one] { $number } in einer Sekunde
       *[other] { $number } in { $period } Sekunden
    }
