### Die Startseite.

home-title = Anmeldeserver
home-heading = Dies ist ein Anmeldeserver
home-lead = Anwendungen schicken Menschen hierher, damit sie sich anmelden, und Dienste holen sich hier die Tokens, mit denen sie arbeiten. Er spricht OAuth 2.1 und OpenID Connect.
home-signed-in-as = Sie sind als { $name } angemeldet.
home-signed-in = Angemeldet: { $when }.
home-account = Ihr Konto
home-console = Konsole
home-sign-out = Abmelden
home-issuer = Aussteller
home-discovery = Discovery-Dokument
home-mail = E-Mails
home-mail-folder = Es wird nichts verschickt: E-Mails sind Dateien in { $folder }.
home-demo = Demo-Anwendung ausprobieren
home-version = Signet { $version }
