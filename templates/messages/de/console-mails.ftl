### Die Warteschlange der Mails, in der Konsole.

console-mails = Mails
console-done-mail-again = Die Mail wird jetzt noch einmal versucht.
console-done-mail-given-up = Die Mail ist aufgegeben. Was sie sagte, ist vergessen.

mails-lead = Was auf den Versand wartet und was nicht verschickt werden konnte. Was eine Mail sagt, steht hier nicht, auch nicht die ganze Adresse.
mails-waiting = Wartend
mails-dead = Aufgegeben
mails-sent = Verschickt
mails-none = Es gibt keine.
mail-to = An { $to }
mail-queued = eingereiht { $at }
mail-at = { $state }: { $at }
mail-attempts =
    { $count ->
        [0] noch nicht versucht
        [one] einmal versucht
       *[other] { $count }-mal versucht
    }
mail-state-waiting = Nächster Versuch
mail-state-failing = Nächster Versuch nach Fehlschlägen
mail-state-sent = Verschickt
mail-state-dead = Aufgegeben
mail-again = Jetzt senden
mail-give-up = Aufgeben …
ask-mail = Diese Mail aufgeben?
ask-mail-loss = Was sie sagt, wird vergessen, und niemand kann sie noch einmal senden. Wer auf sie wartet, muss eine neue anfordern.
ask-mail-do = Aufgeben
