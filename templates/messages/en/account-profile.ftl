### A person's claims.

profile-lead = Applications that you let see your profile are told what stands here. You sign in as { $username }; only an administrator can change that.
profile-overtaken = Your data was changed elsewhere while this page was open. This is how it stands now; please make your changes again.
profile-submit = Save

claim-name = Full name
claim-name-hint = As you want to be addressed.
claim-given-name = Given name
claim-middle-name = Middle name
claim-family-name = Family name
claim-nickname = Nickname
claim-profile = Profile page
claim-picture = Picture
claim-website = Website
claim-link-hint = An address that begins with https://
claim-gender = Gender
claim-birthdate = Date of birth
claim-birthdate-hint = Year-month-day, such as 1990-02-28, or the year alone.
claim-zoneinfo = Time zone
claim-zoneinfo-hint = Such as Europe/London.
claim-locale = Language
claim-locale-hint = A language tag, such as en or de-CH. These pages use it, too.
claim-phone-number = Phone number
claim-phone-number-hint = With the country’s code, such as +44 20 7946 0000.

claim-fault-line = This is too long: 200 characters are the most.
claim-fault-link = This is not an address that begins with https://
claim-fault-birthdate = This is not a date: write year-month-day, such as 1990-02-28, or the year alone.
claim-fault-zoneinfo = This is not a time zone: write it like Europe/London.
claim-fault-locale = This is not a language tag: write it like en or de-CH.
claim-fault-phone-number = This is not a phone number with the country’s code: write it like +44 20 7946 0000.
