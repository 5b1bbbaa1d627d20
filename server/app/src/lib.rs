//! The signet binary: HTTP, pages, command line, configuration.

pub mod cli;
pub mod config;
pub mod logging;
pub mod pages;
