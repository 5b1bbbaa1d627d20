//! The server as the tests run it in a process of its own: always built with them, so never stale.

fn main() -> std::process::ExitCode {
    signet::main()
}
