//! oxide-auth's whole authorization endpoint, with its own registrar, as the oracle: it must accept what we accept, and
//! redirect only where we do. What it does not know (PKCE, prompts, resources, repetition) is kept sound in these requests.

use super::*;
use oxide_auth::code_grant::authorization::{Endpoint, Error, Extension, authorization_code};
use oxide_auth::primitives::authorizer::Authorizer;
use oxide_auth::primitives::registrar::{Client as OxideClient, ClientMap, Registrar};

struct Oracle {
    clients: ClientMap,
    extension: (),
}

impl Endpoint for Oracle {
    fn registrar(&self) -> &dyn Registrar {
        &self.clients
    }

    fn authorizer(&mut self) -> &mut dyn Authorizer {
        unreachable!("nothing is authorized here")
    }

    fn extension(&mut self) -> &mut dyn Extension {
        &mut self.extension
    }
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Accepted,
    Page,
    Redirect,
}

fn oracle(parameters: &Parameters) -> Outcome {
    let mut clients = ClientMap::new();
    let redirect_uri = RegisteredUrl::Exact(CALLBACK.parse().unwrap());
    clients.register_client(OxideClient::public("shop", redirect_uri, "openid orders:read".parse().unwrap()));
    match authorization_code(&mut Oracle { clients, extension: () }, &Presented(parameters)) {
        Ok(_) => Outcome::Accepted,
        Err(Error::Redirect(_)) => Outcome::Redirect,
        Err(Error::Ignore | Error::PrimitiveError) => Outcome::Page,
    }
}

fn ours(parameters: &Parameters) -> Outcome {
    match validate(parameters, Some(&registered(shop())), &resources()) {
        Ok(_) => Outcome::Accepted,
        Err(Refused::Page(_)) => Outcome::Page,
        Err(Refused::Redirect { .. }) => Outcome::Redirect,
    }
}

proptest! {
    #[test]
    fn oxide_auth_agrees_about_client_uri_response_type_and_scope_grammar(
        client_id in "(shop|other|)",
        redirect_uri in "(https://shop\\.example\\.test/callback[/#]?|callback|javascript:x)",
        response_type in "(code|token|code token|)",
        scope in "(openid|openid orders:read|openid \"x|orders:read \\\\)",
    ) {
        let parameters = with(&[
            ("client_id", &client_id),
            ("redirect_uri", &redirect_uri),
            ("response_type", &response_type),
            ("scope", &scope),
        ]);
        prop_assert_eq!(ours(&parameters), oracle(&parameters));
    }

    #[test]
    fn scope_grammar_is_that_of_oxide_auth(text in "[\\x00-\\x7fé]{0,12}") {
        let theirs = text.parse::<oxide_auth::primitives::scope::Scope>();
        let ours = Scope::parse(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok());
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            let mut ours: Vec<_> = ours.iter().map(str::to_owned).collect();
            let mut theirs: Vec<_> = theirs.iter().map(str::to_owned).collect();
            ours.sort();
            theirs.sort();
            prop_assert_eq!(ours, theirs);
        }
    }
}
