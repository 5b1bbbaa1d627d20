//! What a person's browser meets on the way from an application through our pages and back, and what an attacker's
//! does there.

mod authorization_errors;
mod consent;
mod console;
mod console_refusals;
mod console_secrets;
mod cookies;
mod double_click;
mod email_change;
mod email_codes;
mod escaping;
mod files_and_addresses;
mod flood;
mod foreign_forms;
mod foreign_headers;
mod forgotten;
mod hints;
mod languages;
mod limits;
mod logout;
mod max_age;
mod passwords;
mod person;
mod pkce;
mod post;
mod prompt;
mod redirect_uris;
mod registration;
mod response_modes;
mod second_factor;
mod second_factor_abuse;
mod security_headers;
mod session_lifetime;
mod sign_in;
mod step_up;
mod verify_email;
