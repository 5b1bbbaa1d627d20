### Words of several pages.

# Names what is at /; stands at the foot of each page.
layout-about = About this server

## How long someone has to wait: $unit is seconds, minutes or hours. Other messages take it in with { wait }.

wait =
    { $unit ->
        [seconds] { $count ->
            [one] a second
           *[other] { $count } seconds
        }
        [minutes] { $count ->
            [one] a minute
           *[other] { $count } minutes
        }
       *[hours] { $count ->
            [one] an hour
           *[other] { $count } hours
        }
    }
