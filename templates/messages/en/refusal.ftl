### What cannot be done. What is wrong in detail is said in English, for whoever has to mend it.

## What happened.

refusal-server-error = Something went wrong here
refusal-unavailable = This server cannot answer right now
refusal-access-denied = Access was denied
refusal-stale = This page is no longer valid
refusal-invalid-request = The application’s request is not valid
refusal-too-often = That was too often
refusal-unreadable = This request cannot be read
refusal-not-found = There is nothing here
refusal-method-not-allowed = This address cannot be opened like that

## What to do about it.

refusal-tell-the-application = The application that sent you here made a mistake, and nothing was shared with it. Trying again will not help: please tell the people who run it, and give them the details below.
refusal-start-over = Go back to the application and start again from there.
refusal-later = Please wait { wait }, then try again.
refusal-check-the-address = Check the address, or begin at the start page.
refusal-back = Back to the application
refusal-start-page = Start page

## The details.

refusal-description = What is wrong
refusal-code = Error
refusal-request = Request
