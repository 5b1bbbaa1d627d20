# The daily commands; `just` lists them.

_default:
    @just --list

# Build the server as it ships.
build:
    cargo build --release

# Start it with its demo on a localhost issuer.
demo:
    cargo run --release

# Compile everything, quickly.
check:
    cargo check --workspace --all-targets

# Tests that need no service.
test-quick *ARGS:
    cargo test {{ARGS}}

# Every test, with private PostgreSQL, Redis and Chromium.
test *ARGS:
    tests/run {{ARGS}}

# Write the code in its one form.
fmt:
    cargo fmt --all

# What CI says about the code.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# All of CI.
ci:
    .ci/run

# Measure a release server against bare routes and signatures.
bench *ARGS:
    cargo run --release -p signet-tests --bin signet-bench -- {{ARGS}}
