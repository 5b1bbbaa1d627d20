### Zeitpunkte in Worten.

month =
    { $month ->
        [1] Januar
        [2] Februar
        [3] März
        [4] April
        [5] Mai
        [6] Juni
        [7] Juli
        [8] August
        [9] September
        [10] Oktober
        [11] November
       *[12] Dezember
    }

day = { $day }. { month } { $year }
date = { day }, { $time } Uhr
date-utc = { date } UTC

# Wie lange her: $unit ist now, minutes, hours oder days.
ago =
    { $unit ->
        [now] gerade eben
        [minutes] { $count ->
            [one] vor einer Minute
           *[other] vor { $count } Minuten
        }
        [hours] { $count ->
            [one] vor einer Stunde
           *[other] vor { $count } Stunden
        }
       *[days] { $count ->
            [one] vor einem Tag
           *[other] vor { $count } Tagen
        }
    }
