//! The rules that a request can break, each with the clause that says so.

/// Declares [`Rule`]: variant, name, clause.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $clause:literal;)+) => {
        /// A rule that a request broke.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Rule {
            $($(#[$doc])* $variant,)+
        }

        impl Rule {
            /// Every rule, in the order of a flow.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name: it stands in answers, in the documentation and in the names of its texts, and never changes.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Where it is written.
            pub const fn clause(self) -> &'static str {
                match self {
                    $(Self::$variant => $clause,)+
                }
            }

            /// The name of the text that says what it wants.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("rule-", $name),)+
                }
            }

            /// The name of the text that says how to mend what broke it.
            pub const fn mend(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("mend-", $name),)+
                }
            }

            /// Whether what came is an address that is held against others, so that a difference is worth to be shown.
            pub const fn compares(self) -> bool {
                matches!(
                    self,
                    Self::RedirectUriUnregistered | Self::RedirectUriDiffers | Self::PostLogoutUriUnregistered
                )
            }

            /// Whether it is about addresses that nothing answers, or not with that method: any program that looks for
            /// holes breaks it all day long.
            pub const fn is_of_strays(self) -> bool {
                matches!(self, Self::PathUnknown | Self::MethodNotAllowed)
            }

            /// The rule of this name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.name() == name)
            }
        }
    };
}

rules! {
    /// The request cannot be read: its content type, its encoding, its length.
    RequestUnreadable = "request-unreadable", "RFC 6749 §3.2, Appendix B";
    /// The issuer is https, and the request came in the clear.
    InsecureTransport = "insecure-transport", "RFC 6749 §3.1, §3.2";
    /// A parameter is missing.
    ParameterMissing = "parameter-missing", "RFC 6749 §4.1.2.1, §5.2";
    /// A parameter came more than once.
    ParameterRepeated = "parameter-repeated", "RFC 6749 §3.1, §3.2";
    /// A parameter has a value that it cannot have.
    ParameterMalformed = "parameter-malformed", "RFC 6749 §4.1.2.1; OpenID Connect Core §3.1.2.1";
    /// The parameters are longer than a form can bring back.
    ParametersTooLong = "parameters-too-long", "RFC 6749 §4.1.2.1";
    /// Request objects and registration by request.
    FeatureUnsupported = "feature-unsupported", "OpenID Connect Core §3.1.2.6";
    /// Any `response_type` but `code`.
    ResponseTypeUnsupported = "response-type-unsupported", "RFC 6749 §3.1.1; RFC 9700 §2.1.2";
    /// No client of that name.
    ClientUnknown = "client-unknown", "RFC 6749 §2.2";
    /// The client is switched off.
    ClientDisabled = "client-disabled", "RFC 6749 §4.1.2.1, §5.2";
    /// The client changed while a page stood open.
    ClientChanged = "client-changed", "RFC 6749 §3.1.2.4";
    /// A redirect URI that is not the client's.
    RedirectUriUnregistered = "redirect-uri-unregistered", "RFC 6749 §3.1.2.4; RFC 9700 §2.1";
    /// A redirect URI that is none.
    RedirectUriMalformed = "redirect-uri-malformed", "RFC 6749 §3.1.2";
    /// The token request names another redirect URI than the authorization request did.
    RedirectUriDiffers = "redirect-uri-differs", "RFC 6749 §4.1.3";
    /// Where to go after sign-out is not the client's.
    PostLogoutUriUnregistered = "post-logout-uri-unregistered", "OpenID Connect RP-Initiated Logout §3";
    /// The client is not registered for the grant type.
    GrantTypeNotAllowed = "grant-type-not-allowed", "RFC 6749 §5.2";
    /// No such grant type here.
    GrantTypeUnsupported = "grant-type-unsupported", "RFC 6749 §5.2; RFC 9700 §2.4";
    /// PKCE is required and was not used.
    PkceMissing = "pkce-missing", "RFC 7636 §4.4.1; RFC 9700 §2.1.1";
    /// PKCE of another method, or a challenge that is none.
    PkceMalformed = "pkce-malformed", "RFC 7636 §4.2, §4.3";
    /// The verifier does not belong to the challenge.
    PkceMismatch = "pkce-mismatch", "RFC 7636 §4.6; RFC 9700 §4.8.2";
    /// A scope that is none.
    ScopeMalformed = "scope-malformed", "RFC 6749 §3.3";
    /// A scope value that the client is not registered for.
    ScopeNotRegistered = "scope-not-registered", "RFC 6749 §3.3";
    /// `offline_access` by a client without refresh tokens.
    ScopeNeedsRefresh = "scope-needs-refresh", "OpenID Connect Core §11";
    /// More than was granted.
    ScopeExceedsGrant = "scope-exceeds-grant", "RFC 6749 §6";
    /// A scope value about a person, where there is none.
    ScopeAboutPerson = "scope-about-person", "RFC 6749 §4.4";
    /// The person's roles allow nothing of it.
    RolesAllowNothing = "roles-allow-nothing", "RFC 6749 §3.3";
    /// No such API.
    ResourceUnknown = "resource-unknown", "RFC 8707 §2";
    /// An API that the client, or the grant, may not reach.
    ResourceNotAllowed = "resource-not-allowed", "RFC 8707 §2.2";
    /// A token for several APIs.
    ResourceAmbiguous = "resource-ambiguous", "RFC 8707 §2.2; RFC 9700 §2.3";
    /// `prompt=none`, and nobody is signed in as it has to be.
    LoginRequired = "login-required", "OpenID Connect Core §3.1.2.6";
    /// `prompt=none`, and the person has to consent.
    ConsentRequired = "consent-required", "OpenID Connect Core §3.1.2.6";
    /// `prompt=none`, and the person has to do something else.
    InteractionRequired = "interaction-required", "OpenID Connect Core §3.1.2.6";
    /// `acr_values` that cannot be had.
    AuthenticationUnmet = "authentication-unmet", "RFC 9470 §5";
    /// An `id_token_hint` that is not of this issuer.
    HintInvalid = "hint-invalid", "OpenID Connect Core §3.1.2.1";
    /// The person said no.
    UserDenied = "user-denied", "RFC 6749 §4.1.2.1";
    /// No client authentication.
    ClientAuthenticationMissing = "client-authentication-missing", "RFC 6749 §2.3, §5.2";
    /// Client authentication that cannot be read.
    ClientAuthenticationMalformed = "client-authentication-malformed", "RFC 6749 §2.3.1; RFC 7521 §4.2";
    /// Several at once.
    ClientAuthenticationSeveral = "client-authentication-several", "RFC 6749 §2.3";
    /// Another way than the registered one.
    ClientAuthenticationMethod = "client-authentication-method", "RFC 7591 §2; RFC 6749 §2.3";
    /// The request names two clients.
    ClientMismatch = "client-mismatch", "RFC 6749 §3.2.1; RFC 7521 §4.2";
    /// A wrong or expired secret.
    ClientSecretWrong = "client-secret-wrong", "RFC 6749 §2.3.1, §5.2";
    /// An assertion that does not hold.
    ClientAssertionInvalid = "client-assertion-invalid", "RFC 7523 §3; OpenID Connect Core §9";
    /// No such code.
    CodeUnknown = "code-unknown", "RFC 6749 §5.2";
    /// Another client's code.
    CodeForeign = "code-foreign", "RFC 6749 §4.1.3";
    /// A code that was used.
    CodeUsed = "code-used", "RFC 6749 §4.1.2";
    /// A code that is too old.
    CodeExpired = "code-expired", "RFC 6749 §4.1.2, §5.2";
    /// No such refresh token.
    RefreshUnknown = "refresh-unknown", "RFC 6749 §5.2";
    /// Another client's refresh token.
    RefreshForeign = "refresh-foreign", "RFC 6749 §6";
    /// A refresh token that was used.
    RefreshReplayed = "refresh-replayed", "RFC 9700 §4.14.2";
    /// What the token came from is over.
    GrantEnded = "grant-ended", "RFC 6749 §5.2; OpenID Connect Core §11";
    /// A public client introspects.
    IntrospectionNeedsSecret = "introspection-needs-secret", "RFC 7662 §2.1";
    /// No access token.
    TokenMissing = "token-missing", "RFC 6750 §3.1";
    /// An access token sent in several ways, or in none that is known.
    TokenMalformed = "token-malformed", "RFC 6750 §2, §3.1";
    /// An access token that does not hold here.
    TokenInvalid = "token-invalid", "RFC 6750 §3.1; RFC 9068 §4";
    /// An access token without the scope that is needed.
    TokenScope = "token-scope", "RFC 6750 §3.1";
    /// An access token of too weak a sign-in.
    TokenAuthentication = "token-authentication", "RFC 9470 §3";
    /// A form of another browser, or of another site.
    FormForeign = "form-foreign", "RFC 6749 §10.12; RFC 9700 §4.7";
    /// A form that does not say what was chosen.
    FormIncomplete = "form-incomplete", "RFC 9110 §15.5.1";
    /// The session ended meanwhile.
    SessionEnded = "session-ended", "OpenID Connect Core §3.1.2.3";
    /// An account without a permission that is needed.
    PermissionMissing = "permission-missing", "RFC 9110 §15.5.4";
    /// What was sent to the administration does not fit.
    InputInvalid = "input-invalid", "RFC 9110 §15.5.1; RFC 9457 §3";
    /// Nothing answers at that address.
    PathUnknown = "path-unknown", "RFC 9110 §15.5.5";
    /// What answers there does not take that method.
    MethodNotAllowed = "method-not-allowed", "RFC 9110 §15.5.6";
    /// Administration of what is not there.
    NotFound = "not-found", "RFC 9110 §15.5.5";
    /// Something stands in the way.
    Conflict = "conflict", "RFC 9110 §15.5.10";
    /// It was changed meanwhile.
    StateOvertaken = "state-overtaken", "RFC 9110 §13.1.1, §15.5.13";
    /// `If-Match` is missing.
    StateUnsaid = "state-unsaid", "RFC 6585 §3";
    /// An `Idempotency-Key` of another request.
    IdempotencyKeyReused = "idempotency-key-reused", "draft-ietf-httpapi-idempotency-key-header §2.7";
    /// A limit let no more through.
    LimitReached = "limit-reached", "RFC 6585 §4";
    /// The server cannot answer now.
    ServerUnavailable = "server-unavailable", "RFC 9110 §15.6.4";
    /// The server failed.
    ServerFailed = "server-failed", "RFC 9110 §15.6.1";
}

/// A rule as it was kept with a refusal. Another node may run a later version, which knows more of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeptRule {
    /// One that this version knows.
    Known(Rule),
    /// One of another version, by its name.
    Unknown(String),
}

impl From<Rule> for KeptRule {
    fn from(rule: Rule) -> Self {
        Self::Known(rule)
    }
}

impl KeptRule {
    /// The rule of this name, whether it is known or not.
    pub fn named(name: String) -> Self {
        Rule::named(&name).map_or(Self::Unknown(name), Self::Known)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(rule) => rule.name(),
            Self::Unknown(name) => name,
        }
    }

    /// Where it is written, as far as that is known.
    pub fn clause(&self) -> Option<&'static str> {
        self.known().map(Rule::clause)
    }

    /// The name of the text that says what it wants.
    pub fn about(&self) -> &'static str {
        self.known().map_or("rule-unknown", Rule::about)
    }

    /// The name of the text that says how to mend what broke it.
    pub fn mend(&self) -> &'static str {
        self.known().map_or("mend-unknown", Rule::mend)
    }

    /// See [`Rule::compares`].
    pub fn compares(&self) -> bool {
        self.known().is_some_and(Rule::compares)
    }

    /// See [`Rule::is_of_strays`].
    pub fn is_of_strays(&self) -> bool {
        self.known().is_some_and(Rule::is_of_strays)
    }

    fn known(&self) -> Option<Rule> {
        match self {
            Self::Known(rule) => Some(*rule),
            Self::Unknown(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_a_clause_of_a_standard() {
        let names: HashSet<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            let (name, clause) = (rule.name(), rule.clause());
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
            assert!(clause.contains('§'), "{name}: {clause}");
            assert_eq!(Rule::named(name), Some(*rule));
        }
        assert_eq!(Rule::named("no-such-rule"), None);
        assert!(!names.contains("unknown"), "texts about rules that are not known have this name");
    }
}
