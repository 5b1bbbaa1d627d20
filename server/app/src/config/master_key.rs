//! The key that seals all others at rest: given, or kept in a file that is made on first start.

use super::{Config, MasterKeySource, open_to_others};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use signet_protocol::environment::{Random, RandomFailed};
use signet_protocol::secret::Secret;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// How an operator gets a master key.
pub const MAKE_ONE: &str = "make one with `openssl rand -base64 32`";

/// The master keys, ready for use.
#[derive(Clone, Debug)]
pub struct MasterKeyBytes {
    /// Seals and opens.
    pub current: Secret<[u8; 32]>,
    /// Only open.
    pub previous: Vec<Secret<[u8; 32]>>,
    /// The file that was just made for the current one, if so: its operator must keep a copy.
    pub made: Option<PathBuf>,
}

/// A text that is no master key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMasterKey {
    /// Not base64.
    #[error("is not base64url")]
    Encoding,
    /// Not 256 bits.
    #[error("holds {0} bytes, not 32")]
    Length(usize),
}

/// Why there is no master key. Each says which key or file, and the mend.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// A key in the configuration is none.
    #[error("{key} {invalid}; {MAKE_ONE}")]
    Value {
        /// The key of the configuration.
        key: &'static str,
        /// What is wrong with its value.
        invalid: InvalidMasterKey,
    },
    /// The file holds something else.
    #[error("the master key file {} {invalid}; put the right file back: nothing sealed with it opens without it", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with its content.
        invalid: InvalidMasterKey,
    },
    /// Others on the machine can read or change the file.
    #[error("the master key file {0} can be read or changed by others (mode {mode:03o}); run `chmod 600 {0}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file cannot be read or made.
    #[error("the master key file {} cannot be {verb}: {error}; check the path and its permissions, or set `keys.master_key_file`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// `read` or `made`.
        verb: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomFailed),
}

/// The master keys of a configuration. If the current one is kept in a file that does not exist yet, it is made:
/// 32 random bytes, base64url, readable by its owner only.
pub fn load_or_create(config: &Config, random: &Random) -> Result<MasterKeyBytes, MasterKeyError> {
    let previous = previous(config)?;
    match &config.keys.master_key {
        MasterKeySource::Value(text) => Ok(MasterKeyBytes { current: given(text)?, previous, made: None }),
        MasterKeySource::File(path) => {
            let made = create_if_absent(path, random)?;
            Ok(MasterKeyBytes { current: read(path)?, previous, made: made.then(|| path.clone()) })
        }
    }
}

/// The master keys of a configuration; none if the file for the current one is yet to be made.
pub fn load(config: &Config) -> Result<Option<MasterKeyBytes>, MasterKeyError> {
    let previous = previous(config)?;
    let current = match &config.keys.master_key {
        MasterKeySource::Value(text) => given(text)?,
        MasterKeySource::File(path) if !path.exists() => return Ok(None),
        MasterKeySource::File(path) => read(path)?,
    };
    Ok(Some(MasterKeyBytes { current, previous, made: None }))
}

fn given(text: &Secret<String>) -> Result<Secret<[u8; 32]>, MasterKeyError> {
    decode(text.expose()).map_err(|invalid| MasterKeyError::Value { key: "keys.master_key", invalid })
}

fn previous(config: &Config) -> Result<Vec<Secret<[u8; 32]>>, MasterKeyError> {
    let key = "keys.previous_master_keys";
    let read = |text: &Secret<String>| decode(text.expose());
    let keys = config.keys.previous_master_keys.iter().map(read).collect::<Result<_, _>>();
    keys.map_err(|invalid| MasterKeyError::Value { key, invalid })
}

/// The 32 bytes of a master key as text: base64url or base64, padded or not.
pub fn decode(text: &str) -> Result<Secret<[u8; 32]>, InvalidMasterKey> {
    let plain: Zeroizing<String> =
        Zeroizing::new(text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_"));
    let bytes = URL_SAFE_NO_PAD.decode(plain.as_bytes()).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| InvalidMasterKey::Encoding)?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| InvalidMasterKey::Length(bytes.len()))?;
    Ok(Secret::new(key))
}

fn read(path: &Path) -> Result<Secret<[u8; 32]>, MasterKeyError> {
    let failed = |error| MasterKeyError::Io { path: path.to_owned(), verb: "read", error };
    if let Some(mode) = open_to_others(&fs::metadata(path).map_err(failed)?) {
        return Err(MasterKeyError::Open { path: path.to_owned(), mode });
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
    decode(&text).map_err(|invalid| MasterKeyError::Content { path: path.to_owned(), invalid })
}

/// Makes the file unless there is one. It appears under its name whole or not at all, also when the power fails and
/// when two processes start at once: it is written beside, synced, and linked, and a link never replaces.
fn create_if_absent(path: &Path, random: &Random) -> Result<bool, MasterKeyError> {
    if path.exists() {
        return Ok(false);
    }
    let text = Zeroizing::new(format!("{}\n", random.secret()?));
    let beside = path.with_extension(format!("{}.new", random.id()?));
    let failed = |error| MasterKeyError::Io { path: path.to_owned(), verb: "made", error };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let linked = write_private(&beside, text.as_bytes()).and_then(|()| fs::hard_link(&beside, path));
    let removed = fs::remove_file(&beside);
    match linked {
        Ok(()) => removed.and_then(|()| sync_folder(path)).map(|()| true).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Makes the new name itself durable.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn random() -> Random {
        Random::new(Arc::new(ring::rand::SystemRandom::new()))
    }

    fn kept_in(path: &Path) -> Config {
        let mut config = Config::embedded();
        config.keys.master_key = MasterKeySource::File(path.to_owned());
        config
    }

    #[test]
    fn the_key_file_is_made_once_and_then_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys").join("master.key");
        let first = load_or_create(&kept_in(&path), &random()).unwrap();
        assert_eq!(first.made.as_deref(), Some(path.as_path()));
        let second = load_or_create(&kept_in(&path), &random()).unwrap();
        assert_eq!(second.made, None);
        assert_eq!(first.current.expose(), second.current.expose());
        let names: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["master.key"]);
    }

    #[test]
    fn processes_that_start_at_once_get_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || load_or_create(&kept_in(&path), &random()).unwrap())
            })
            .collect();
        let keys: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert!(keys.iter().all(|key| key.current.expose() == keys[0].current.expose()));
        assert_eq!(keys.iter().filter(|key| key.made.is_some()).count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        load_or_create(&kept_in(&path), &random()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for (mode, good) in [(0o400, true), (0o440, true), (0o604, false), (0o660, false), (0o602, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = load_or_create(&kept_in(&path), &random()).err().map(|error| error.to_string());
            assert_eq!(error.is_none(), good, "{mode:o}");
            assert!(error.is_none_or(|error| error.contains("chmod 600")));
        }
    }

    #[test]
    fn a_key_file_of_another_length_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        write_private(&path, b"c2hvcnQ\n").unwrap();
        let error = load_or_create(&kept_in(&path), &random()).unwrap_err().to_string();
        assert!(error.contains("5 bytes") && !error.contains("c2hvcnQ"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"c2hvcnQ\n");
    }

    #[test]
    fn keys_are_read_in_either_base64() {
        let bytes: [u8; 32] = std::array::from_fn(|i| 255 - u8::try_from(i).unwrap());
        let plain = base64::engine::general_purpose::STANDARD.encode(bytes);
        for text in [plain.clone(), format!("{plain}\n"), URL_SAFE_NO_PAD.encode(bytes)] {
            assert_eq!(decode(&text).unwrap().expose(), &bytes);
        }
        assert_eq!(decode("").unwrap_err(), InvalidMasterKey::Length(0));
        assert_eq!(decode("**").unwrap_err(), InvalidMasterKey::Encoding);
    }
}
