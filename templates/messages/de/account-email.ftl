### Eine andere E-Mail-Adresse, und zeigen, dass einem die jetzige gehört.

verify-send-lead = Noch hat niemand gezeigt, dass { $address } Ihnen gehört. Wir schicken einen Link dorthin, mit dem Sie das tun.
verify-send-submit = Link schicken

email-present = Ihre Adresse ist { $address }.
email-lead = Wir schicken einen Link an die neue Adresse. Haben Sie ihn benutzt, gehört die Adresse zu Ihrem Konto, und Sie können sich damit anmelden.
email-lead-both = Wir schicken einen Link an die neue Adresse und einen an die bisherige. Wurden beide benutzt, gehört die neue Adresse zu Ihrem Konto, und Sie können sich damit anmelden.
email-new = Neue E-Mail-Adresse
email-submit = Adresse ändern
email-other-heading = Stattdessen eine andere Adresse
email-same = Das ist schon Ihre E-Mail-Adresse.
email-name-stays = Ihr Benutzername ist eine E-Mail-Adresse, die sich nicht mit ändern kann. Bitte wenden Sie sich an die Betreiber dieses Dienstes.
email-domain = Möglich sind Adressen von: { $domains }.
email-fixed = Dieser Dienst verschickt keine E-Mails, deshalb lässt sich nicht zeigen, dass eine Adresse Ihnen gehört. Bitte wenden Sie sich an die Betreiber.

email-pending-heading = Ihre Adresse ändert sich demnächst
email-pending-lead = Sie wird zu { $address }. Sehen Sie nach E-Mails, auch im Spam-Ordner, und benutzen Sie die Links darin.
email-pending-new = Link an { $address }
email-pending-old = Link an { $address }, Ihre bisherige Adresse
email-pending-done = Benutzt
email-pending-open = Noch nicht benutzt
email-pending-until = Die Links gelten bis { $at }.
email-again = Links erneut schicken
email-cancel = Bisherige Adresse behalten
