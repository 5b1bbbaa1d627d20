//! The benchmark: what each operation costs a release server, beside the floor that no server can go below.
//!
//! The floor is a bare actix-web route that returns the same bytes with the same headers, plus the signatures or
//! verifications that the operation cannot do without. Server, bare route and signature are measured in turn, so that
//! what else the machine does weighs on all of them alike. CPU time is the kernel's account of the server's process.
//!
//! One binary plays all parts, so that nothing it measures can be older than itself: called with `--config` it is
//! the server, called as `signet-bench bare` it is the bare route, otherwise it starts both and loads them.

mod bare;
mod client;
mod crypto;
mod flood;
mod lists;
mod load;
mod measure;
mod operation;
mod options;
mod peer;
mod process;
mod report;
mod script;
mod seed;
mod server;
mod setup;
mod sign_in;

use options::Options;
use std::process::ExitCode;

/// Plays the part that the arguments name.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("--config") => signet::main(),
        Some("bare") => bare::serve(),
        _ => match Options::parse(arguments) {
            Ok(options) => {
                // One thread: the load shall leave the other cores to the server.
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(run(&options));
                ExitCode::SUCCESS
            }
            Err(usage) => {
                eprintln!("{usage}");
                ExitCode::from(2)
            }
        },
    }
}

async fn run(options: &Options) {
    if cfg!(debug_assertions) {
        eprintln!("signet-bench: this is a debug build; its figures say nothing. Run it with --release.");
    }
    let (server, start) = server::prepare(options).await;
    report::head(options, &server, &start);
    if options.is_only(lists::NAME) {
        lists::run(&server, options).await;
        return server.stop().await;
    }
    let site = setup::Site::open(&server).await;
    let mut costs = crypto::Costs::new();
    report::columns();
    for operation in operation::ALL.into_iter().filter(|operation| options.wants(operation.name())) {
        let measured = measure::operation(operation, &site, &mut costs, options).await;
        report::line(operation, &measured);
    }
    if options.wants(sign_in::NAME) {
        let figures = sign_in::measure(&site, options).await;
        report::sign_in(&figures, process::resident(site.pid));
    }
    if options.wants(flood::NAME) {
        report::flood(&flood::measure(&site, options).await);
    }
    report::foot();
    server.stop().await;
}
