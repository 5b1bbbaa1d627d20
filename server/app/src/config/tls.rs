//! Reads the certificate and the key that the server speaks TLS with.

use super::Tls;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why TLS cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or holds no PEM of the kind.
    #[error("{key}: {} cannot be used: {error}; give a PEM file", path.display())]
    File {
        /// The key of the configuration.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What the parser said.
        error: pem::Error,
    },
    /// They do not go together, or cannot be used.
    #[error("server.tls: {0}; the first certificate must be the one made for this key")]
    Unusable(#[from] rustls::Error),
}

/// TLS 1.2 and 1.3 with a certificate chain and its key; no client certificates are asked for.
pub fn load(tls: &Tls) -> Result<ServerConfig, TlsError> {
    let chain =
        CertificateDer::pem_file_iter(&tls.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| file_error("server.tls.certificate", &tls.certificate, error))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key);
    let key = key.map_err(|error| file_error("server.tls.key", &tls.key, error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_no_client_auth().with_single_cert(chain, key)?)
}

fn file_error(key: &'static str, path: &Path, error: pem::Error) -> TlsError {
    TlsError::File { key, path: path.to_owned(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_pem_is_refused_by_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("certificate.pem");
        std::fs::write(&path, "nothing").unwrap();
        let tls = Tls { certificate: path.clone(), key: path };
        let error = load(&tls).unwrap_err().to_string();
        assert!(error.contains("server.tls.") && error.contains("certificate.pem"), "{error}");
    }
}
