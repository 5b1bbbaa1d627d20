//! The signet binary: HTTP, pages, command line, configuration.

pub mod config;
pub mod logging;
pub mod pages;
