### Das Passwort und alles andere, womit ein Mensch zeigt, wer er ist.

password-change-lead = Mit einem neuen Passwort werden alle anderen Geräte abgemeldet, und alle Anwendungen verlieren den Zugriff, bis Sie sich dort neu anmelden. Dieses Gerät bleibt angemeldet.
password-current = Bisheriges Passwort
password-current-wrong = Das ist nicht Ihr bisheriges Passwort.
password-current-limited = Das bisherige Passwort war zu oft falsch. Bitte warten Sie { wait }, bevor Sie es erneut versuchen.
password-change = Passwort ändern
