### Everybody's sessions, the emergency, and tokens to come.

console-sessions = Sessions
all-sessions-lead = Who is signed in where, the latest first. By a client's identifier: where it got access from that it still has.
all-sessions-none = Nobody is signed in like that.

console-emergency = Emergency
emergency-heading = End everything at once
emergency-loss = Every session, every access of applications and every token of everybody's ends at once, on every node: those of clients too, and yours. People sign in again, applications ask again. This cannot be undone.
emergency-sessions =
    { $count ->
        [one] One session ends now.
       *[other] { $count } sessions end now.
    }
# There are too many to count them all.
emergency-sessions-many = At least { $count } sessions end now.
emergency-grants-many = At least { $count } accesses of applications end.
emergency-grants =
    { $count ->
        [one] One application loses access.
       *[other] { $count } accesses of applications end.
    }
emergency-reason = Why
emergency-reason-hint = The audit log keeps it.
emergency-word = Type { $word } to show that you mean it
emergency-do = End everything
emergency-over = Everything has ended
emergency-sessions-ended =
    { $count ->
        [one] One session has ended.
       *[other] { $count } sessions have ended.
    }
emergency-grants-ended =
    { $count ->
        [one] One access has ended.
       *[other] { $count } accesses have ended.
    }
emergency-next = Find out what happened, replace what may be known to others, then let people sign in again.
emergency-again = Sign in again

preview-heading = Look ahead at tokens
preview-lead = What somebody's tokens for { $name } would hold at this moment, and why. Nothing is issued.
preview-own-hint = Empty: the token that the client gets for itself, with its own credentials.
preview-scopes = The client asks for
preview-resource = The access token is for
preview-resource-any = what follows from the scopes
preview-do = Look
preview-access-token = Access token
preview-id-token = ID token
preview-no-id-token = There is none: openid is not asked for.
preview-userinfo = Userinfo
preview-withheld = Not granted, for the person's roles do not allow it: { $scope }
preview-by-scope = By the scope { $scope }
preview-by-mapping = By a mapping from { $source }
preview-by-value = By a mapping that says the value
preview-nothing = Nothing besides what every token holds.
preview-left-out = There is no room for { $claims }.
preview-roles = What the person holds
preview-role-own = Given to them
preview-role-told = The client may be told
preview-role-hidden = Not for this client

trial-heading = Test sign-in
trial-lead = You go the way of everybody who signs in to { $name }: the same pages, the same rules. Nothing is sent to the application; the server takes its place, and ends at once what came of it.
trial-redirect-uri = The application waits at
trial-redirect-uri-hint = The request names this address, but nothing is sent there.
trial-anew = Ask who I am
trial-anew-hint = Whoever signs in on the way is signed in in this browser afterwards, in your place.
trial-do = Begin

tried-well = It works
tried-well-lead = This is what { $name } would have got. The tokens themselves were shown to nobody and are no longer valid; what was agreed to counted for this once.
tried-to = Answer to
tried-refreshable = There was one.
tried-not-refreshable = There is none: the client is not registered for it.
tried-hidden = What the tokens say is about somebody whom you may not look at.
tried-refused = It was refused
tried-at-authorization = { $name } would have got this refusal from the authorization endpoint.
tried-at-token = There was a code, but { $name } would have got this refusal from the token endpoint.
tried-rule = Rule
tried-again = Test once more
