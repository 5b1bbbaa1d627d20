### Allowing an application what it asks for, and going back to it.

consent-title = Allow access
consent-heading = { $client } asks for access
consent-account = to the account { $account }
consent-scopes = If you allow it, { $client } can:
# A scope of an API, which has no words of its own.
consent-scope-other = Use { $scope }
consent-scope-api = at { $api }
# Marks what was not allowed before.
consent-new = New
consent-allow = Allow
consent-deny = Deny
consent-goes-back = Either way you go back to { $host }.
consent-about = About the application
consent-website = Website
consent-privacy = Privacy policy
consent-terms = Terms of service

## What each scope means to a person.

scope-openid = Know who you are
scope-openid-detail = An identifier for your account, the same each time you sign in.
scope-profile = See your profile
scope-profile-detail = Your name, user name and other details of your profile.
scope-email = See your email address
scope-email-detail = And whether it has been verified.
scope-address = See your postal address
scope-address-detail = As it stands in your profile.
scope-phone = See your phone number
scope-phone-detail = And whether it has been verified.
scope-offline-access = Keep access while you are away
scope-offline-access-detail = It stays connected after you leave, until this access is withdrawn.
scope-roles = See your roles
scope-roles-detail = What you are here, as far as it concerns this application.
scope-groups = See your groups
scope-groups-detail = The names of the groups that you are in.

## The page that posts the answer to the application.

form-post-title = Going back
form-post-heading = Going back to { $client }
form-post-heading-unknown = Going back to the application
form-post-lead = If nothing happens in a moment, use the button.
form-post-submit = Continue
