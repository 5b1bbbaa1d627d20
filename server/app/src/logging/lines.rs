//! Log lines on their way to stdout. Whoever logs only appends to memory; a thread of its own writes, many lines at once.
//!
//! A reader who is slow holds nobody up until [`MOST`] bytes wait for them, and no line is lost.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;

/// How long lines gather before they are written.
const GATHER: Duration = Duration::from_millis(10);
/// Bytes that may wait; more make those who log wait.
const MOST: usize = 4 << 20;

/// Where lines are handed in.
#[derive(Clone)]
pub(super) struct Lines(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    /// There is something to write, or nothing will come any more.
    filled: Condvar,
    /// There is room again.
    emptied: Condvar,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    closed: bool,
}

/// Writes what is left when it is dropped.
pub struct WritesTheRest {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Starts the thread that writes to `out`.
pub(super) fn start(out: impl Write + Send + 'static) -> (Lines, WritesTheRest) {
    let shared =
        Arc::new(Shared { waiting: Mutex::default(), filled: Condvar::new(), emptied: Condvar::new() });
    let writer = Arc::clone(&shared);
    let thread = Some(std::thread::spawn(move || writer.write_to(out)));
    (Lines(Arc::clone(&shared)), WritesTheRest { shared, thread })
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut out: impl Write) {
        let mut batch = Vec::new();
        loop {
            let waiting =
                self.filled.wait_while(self.lock(), |waiting| waiting.bytes.is_empty() && !waiting.closed);
            let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
            // More lines come meanwhile, unless these are the last ones or there is no room for more.
            let gathered =
                self.filled.wait_timeout_while(waiting, GATHER, |w| !w.closed && w.bytes.len() < MOST);
            let mut waiting = gathered.unwrap_or_else(PoisonError::into_inner).0;
            std::mem::swap(&mut waiting.bytes, &mut batch);
            let closed = waiting.closed;
            drop(waiting);
            self.emptied.notify_all();
            // Whoever read the log has gone: the server goes on without.
            let _ = out.write_all(&batch).and_then(|()| out.flush());
            batch.clear();
            if closed {
                return;
            }
        }
    }
}

impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let full = |waiting: &mut Waiting| waiting.bytes.len() >= MOST && !waiting.closed;
        let waiting = self.0.emptied.wait_while(self.0.lock(), full);
        let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        let first = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(line);
        if first || waiting.bytes.len() >= MOST {
            self.0.filled.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = &'a Lines;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl Drop for WritesTheRest {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.filled.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps what is written, in pieces of the size in which it came.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<Vec<u8>>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push(bytes.to_vec());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_line_is_written_whole_and_in_order_of_its_thread() {
        let kept = Kept::default();
        let (lines, rest) = start(kept.clone());
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let lines = &lines;
                scope.spawn(move || {
                    for line in 0..1000 {
                        (&mut &*lines).write_all(format!("{thread} {line}\n").as_bytes()).unwrap();
                    }
                });
            }
        });
        drop(rest);
        let pieces = kept.0.lock().unwrap();
        let text = String::from_utf8(pieces.concat()).unwrap();
        assert_eq!(text.lines().count(), 4000);
        for thread in 0..4 {
            let own: Vec<_> = text.lines().filter(|line| line.starts_with(&format!("{thread} "))).collect();
            assert!((0..1000).all(|line| own[line] == format!("{thread} {line}")));
        }
        assert!(pieces.len() < 4000, "lines are written together");
    }

    #[test]
    fn more_than_may_wait_is_written_all_the_same() {
        let kept = Kept::default();
        let (lines, rest) = start(kept.clone());
        let line = vec![b'x'; 1 << 20];
        for _ in 0..16 {
            (&lines).write_all(&line).unwrap();
        }
        drop(rest);
        assert_eq!(kept.0.lock().unwrap().concat().len(), 16 << 20);
    }
}
