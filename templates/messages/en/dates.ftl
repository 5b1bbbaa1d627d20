### Moments in words.

month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }

day = { $day } { month } { $year }
date = { day }, { $time }
# For someone whose time zone is not known.
date-utc = { date } UTC

# How long ago: $unit is now, minutes, hours or days.
ago =
    { $unit ->
        [now] just now
        [minutes] { $count ->
            [one] a minute ago
           *[other] { $count } minutes ago
        }
        [hours] { $count ->
            [one] an hour ago
           *[other] { $count } hours ago
        }
       *[days] { $count ->
            [one] a day ago
           *[other] { $count } days ago
        }
    }
