### Wörter mehrerer Seiten.

layout-about = Über diesen Server

## Wie lange jemand warten muss (im Akkusativ): $unit ist seconds, minutes oder hours.

wait =
    { $unit ->
        [seconds] { $count ->
            [one] eine Sekunde
           *[other] { $count } Sekunden
        }
        [minutes] { $count ->
            [one] eine Minute
           *[other] { $count } Minuten
        }
       *[hours] { $count ->
            [one] eine Stunde
           *[other] { $count } Stunden
        }
    }
