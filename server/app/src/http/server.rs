//! Binding the address and serving it.

use super::{State, app};
use actix_web::HttpServer;
use actix_web::dev::Server;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Longer than common load balancers keep theirs open (60 s), so that they never send into a connection that is closing.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to finish the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to read the end of what it asked for once the connection is to be closed.
const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long requests in flight may take to finish at shutdown, in seconds.
const SHUTDOWN_TIMEOUT: u64 = 30;
/// Connections that one worker holds at most; more wait to be accepted.
const MAX_CONNECTIONS: usize = 10_000;

/// A server that accepts connections as soon as [`Listening::server`] is awaited.
pub struct Listening {
    /// Ends when it is stopped through its handle; operating system signals are left to the caller.
    pub server: Server,
    /// Where it listens; the port is the real one if 0 was asked for.
    pub address: SocketAddr,
}

/// Binds `listen` and starts a worker per core. It must be called within a Tokio runtime.
pub fn bind(state: State, listen: SocketAddr, tls: Option<rustls::ServerConfig>) -> io::Result<Listening> {
    let workers = std::thread::available_parallelism()?.get();
    let server = HttpServer::new(move || app(state.clone()))
        .workers(workers)
        .max_connections(MAX_CONNECTIONS)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .client_disconnect_timeout(DISCONNECT_TIMEOUT)
        .tls_handshake_timeout(HANDSHAKE_TIMEOUT)
        .tcp_nodelay(true)
        .shutdown_timeout(SHUTDOWN_TIMEOUT)
        .disable_signals();
    let server = match tls {
        Some(config) => server.bind_rustls_0_23(listen, config)?,
        None => server.bind(listen)?,
    };
    let address = server.addrs().first().copied().unwrap_or(listen);
    Ok(Listening { server: server.run(), address })
}
