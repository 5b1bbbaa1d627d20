//! A file that lines are added to. It is opened anew for each batch, so that whoever rotates it may move it away.

use super::{Line, SinkError, joined};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// What a batch that was cut off left behind is looked for in so many bytes at a time.
const STEP: u64 = 64 * 1024;

pub(super) struct FileSink {
    path: PathBuf,
    fsync: bool,
}

impl FileSink {
    pub fn new(path: PathBuf, fsync: bool) -> Self {
        Self { path, fsync }
    }

    pub async fn send(&mut self, lines: Vec<Line>) -> Result<(), SinkError> {
        let (path, fsync) = (self.path.clone(), self.fsync);
        let written = tokio::task::spawn_blocking(move || append(&path, &joined(&lines), fsync)).await;
        Ok(written.unwrap_or_else(|_| Err(io::Error::other("interrupted")))?)
    }
}

fn append(path: &Path, text: &str, fsync: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    drop_half_a_line(&mut file)?;
    file.write_all(text.as_bytes())?;
    if fsync { file.sync_data() } else { Ok(()) }
}

/// A process that was killed may have left half a line; it is sent again as a whole.
fn drop_half_a_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let mut end = length;
    let mut bytes = Vec::new();
    while end > 0 {
        let begin = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(begin))?;
        bytes.clear();
        (&mut *file).take(end - begin).read_to_end(&mut bytes)?;
        if let Some(place) = bytes.iter().rposition(|byte| *byte == b'\n') {
            end = begin + place as u64 + 1;
            break;
        }
        end = begin;
    }
    if end < length { file.set_len(end) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_line_goes_before_more_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seals.jsonl");
        append(&path, "{\"seq\":1}\n", true).unwrap();
        std::fs::write(&path, format!("{{\"seq\":1}}\n{{\"seq\":2{}", " ".repeat(200_000))).unwrap();
        append(&path, "{\"seq\":2}\n", false).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"seq\":1}\n{\"seq\":2}\n");
        std::fs::write(&path, "{\"se").unwrap();
        append(&path, "{\"seq\":1}\n", false).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"seq\":1}\n");
    }
}
