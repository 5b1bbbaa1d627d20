### Another email address, and showing that the present one is one's own.

verify-send-lead = Nobody has shown yet that { $address } is yours. We send a link to it, with which you do.
verify-send-submit = Send the link

email-present = Your address is { $address }.
email-lead = We send a link to the new address. When you have used it, the address is yours, and you can sign in with it.
email-lead-both = We send a link to the new address and one to the present one. When both were used, the new address is yours, and you can sign in with it.
email-new = New email address
email-submit = Change the address
email-other-heading = Another address instead
email-same = That is your email address already.
email-name-stays = You sign in with an email address as your user name, and it cannot change along. Please ask the people who run this service.
email-domain = Addresses can be of: { $domains }.
email-fixed = This service sends no mail, so an address cannot be shown to be yours. Please ask the people who run it.

email-pending-heading = Your address is about to change
email-pending-lead = It is going to be { $address }. Look for mails, in the spam folder, too, and use the links in them.
email-pending-new = Link to { $address }
email-pending-old = Link to { $address }, your present address
email-pending-done = Used
email-pending-open = Not used yet
email-pending-until = The links are good until { $at }.
email-again = Send the links again
email-cancel = Keep my present address
