//! The `signet` binary.

fn main() -> std::process::ExitCode {
    signet::main()
}
