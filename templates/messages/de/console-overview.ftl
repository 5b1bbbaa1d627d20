### Die Übersicht, in der Konsole.

console-overview = Übersicht
overview-well = Nichts braucht Abhilfe.
overview-examining = Gerade wird alles angesehen. Öffnen Sie die Seite gleich noch einmal.
overview-examined = Alles wurde angesehen: { $at }.
overview-courses = Was geschieht
overview-nodes = Server
overview-database = Datenbank
overview-redis = Redis
finding-bad = Kaputt
finding-weak = Braucht Abhilfe
back-hour = Letzte Stunde
back-day = Letzter Tag
back-month = Letzte 30 Tage
chart-sign-ins = Anmeldungen
chart-tokens = Ausgestellte Token
chart-without-own-tokens = Ohne die, die Anwendungen für sich selbst bekommen: Sie werden nicht aufgezeichnet.
chart-failures = Fehlversuche
chart-limited = Von Grenzen aufgehalten
chart-label = { $title }: { $total } insgesamt, höchstens { $most } auf einmal. Die Zahlen stehen in der Tabelle darunter.
chart-table = Zahlen
chart-since = Ab
chart-count = Anzahl
node-since = Seit { $at }
node-unwritten = { $count ->
    [one] 1 Ereignis nicht geschrieben
   *[other] { $count } Ereignisse nicht geschrieben
}
database-answers = Antwortet in { $millis } ms
redis-off = Grenzen sind abgeschaltet
redis-none = Keines; dieser Server ist der einzige
redis-answers = Antwortet
redis-away = Antwortet nicht; Grenzen werden in jedem Server für sich gezählt
