//! The one door out: every request to an address that somebody chose. It goes by https alone, to an address that was looked
//! at after its name was resolved, follows no redirect, and takes a bounded time.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// The longest that one request may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// The longest that a connection may take.
const CONNECTING: Duration = Duration::from_secs(5);

/// TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsSetup {
    /// The certificates cannot be read.
    #[error("{}: {error}; it must hold certificates in PEM", .path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// The library.
    #[error(transparent)]
    Library(#[from] rustls::Error),
}

/// Why a request was not answered as it should be. It holds no secret.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// Not https, or without a host.
    #[error("only https addresses are asked")]
    Scheme,
    /// The name is unknown.
    #[error("{0} cannot be resolved: {1}")]
    Unknown(String, std::io::Error),
    /// The address is not a public one.
    #[error("{0} is at {1}, which is no public address; the operator has not permitted that")]
    Private(String, IpAddr),
    /// It does not answer.
    #[error("{0}")]
    Unreachable(String),
    /// It answers otherwise than with success.
    #[error("{0} answered {1}")]
    Refused(String, u16),
}

/// Trusts the public authorities, and those in a file (PEM).
pub(crate) fn tls(authority: Option<&Path>) -> Result<ClientConfig, TlsSetup> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = authority {
        let wrong = |error: String| TlsSetup::Authority { path: path.to_owned(), error };
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The way to one host.
pub(crate) struct Door {
    tls: ClientConfig,
    private: bool,
    /// What asks, as long as the host's addresses stay these.
    client: Option<(Vec<SocketAddr>, reqwest::Client)>,
}

impl Door {
    /// `private`: whether the operator permits addresses that are not public.
    pub fn new(private: bool, authority: Option<&Path>) -> Result<Self, TlsSetup> {
        Ok(Self { tls: tls(authority)?, private, client: None })
    }

    /// Posts a body of some type, with a bearer token if there is one. Any success will do.
    pub async fn post(
        &mut self,
        url: &Url,
        (content_type, body): (&str, String),
        token: Option<&str>,
    ) -> Result<(), OutboundError> {
        let host = url.host_str().filter(|_| url.scheme() == "https").ok_or(OutboundError::Scheme)?;
        let client = self.client_for(host, url.port_or_known_default().unwrap_or(443)).await?;
        let mut request = client.post(url.clone()).header("content-type", content_type).body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let told = |error: reqwest::Error| OutboundError::Unreachable(described(&error.without_url()));
        let answer = request.send().await.map_err(told)?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(OutboundError::Refused(host.to_owned(), status.as_u16())),
        }
    }

    async fn client_for(&mut self, host: &str, port: u16) -> Result<reqwest::Client, OutboundError> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let unknown = |error| OutboundError::Unknown(host.to_owned(), error);
        let found = tokio::time::timeout(CONNECTING, tokio::net::lookup_host((bare, port))).await;
        let found = found.unwrap_or_else(|elapsed| Err(elapsed.into())).map_err(unknown)?;
        let mut addresses: Vec<SocketAddr> = found.collect();
        addresses.sort_unstable();
        if let Some(address) = addresses.iter().find(|address| !self.private && !is_public(address.ip())) {
            return Err(OutboundError::Private(host.to_owned(), address.ip()));
        }
        match &self.client {
            Some((known, client)) if *known == addresses => Ok(client.clone()),
            _ => {
                let client = reqwest::Client::builder()
                    .tls_backend_preconfigured(self.tls.clone())
                    .https_only(true)
                    .redirect(reqwest::redirect::Policy::none())
                    .no_proxy()
                    .connect_timeout(CONNECTING)
                    .timeout(PATIENCE)
                    .resolve_to_addrs(bare, &addresses)
                    .build()
                    .map_err(|error| OutboundError::Unreachable(described(&error)))?;
                self.client = Some((addresses, client.clone()));
                Ok(client)
            }
        }
    }
}

/// An error with what led to it.
fn described(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Whether an address is one of the public internet (RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast();
    let shared = a == 100 && (64..128).contains(&b);
    let testing = a == 198 && (b == 18 || b == 19);
    let protocols = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    !(special || shared || testing || protocols || a == 0 || a >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // Global unicast is 2000::/3; within it, what tunnels to IPv4 or is for documentation is not asked.
    let global = parts[0] & 0xe000 == 0x2000;
    let tunnels = parts[0] == 0x2002 || (parts[0] == 0x2001 && parts[1] < 0x0200);
    let documentation = (parts[0] == 0x2001 && parts[1] == 0x0db8) || parts[0] & 0xfff0 == 0x3ff0;
    match address.to_ipv4_mapped() {
        Some(mapped) => is_public_v4(mapped),
        None => global && !tunnels && !documentation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_a_machine_or_a_private_network_is_public() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "192.0.0.8",
            "240.0.0.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[tokio::test]
    async fn a_private_address_is_asked_only_with_the_operators_permission() {
        let post = async |address: &str, private| {
            let mut door = Door::new(private, None).unwrap();
            let url = address.parse().unwrap();
            door.post(&url, ("text/plain", String::new()), None).await.unwrap_err()
        };
        for address in ["https://127.0.0.1:9/", "https://localhost:9/", "https://[::1]:9/"] {
            assert!(matches!(post(address, false).await, OutboundError::Private(..)), "{address}");
            assert!(matches!(post(address, true).await, OutboundError::Unreachable(_)), "{address}");
        }
        assert!(matches!(post("http://127.0.0.1:9/", true).await, OutboundError::Scheme));
    }
}
