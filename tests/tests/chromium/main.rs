//! Headless Chromium: what only a real browser can tell of cookies, policies, scripts, keys and layout.

mod account;
mod account_factors;
mod console;
mod console_audit;
mod console_operations;
mod console_people;
mod console_refusals;
mod email;
mod factors;
mod first_start;
mod forgotten;
mod form_post;
mod layout;
mod pages;
mod pasted;
mod receiver;
mod sign_in;
mod site;
