### The start page.

home-title = Sign-in server
home-heading = This is a sign‑in server
home-lead = Applications send people here to sign in, and services come here for the tokens they work with. It speaks OAuth 2.1 and OpenID Connect.
home-signed-in-as = You are signed in as { $name }.
home-signed-in = Signed in: { $when }.
home-account = Your account
home-console = Console
home-sign-out = Sign out
home-issuer = Issuer
home-discovery = Discovery document
home-mail = Mail
home-mail-folder = Nothing is sent: mails are files in { $folder }.
home-demo = Try the demo application
home-version = Signet { $version }
