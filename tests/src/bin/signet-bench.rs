//! The benchmark: `cargo run --release -p signet-tests --bin signet-bench`, or `just bench`.

fn main() -> std::process::ExitCode {
    signet_tests::bench::main()
}
