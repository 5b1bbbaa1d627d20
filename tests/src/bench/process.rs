//! What the kernel says about a process (proc(5)).

use std::path::Path;
use std::time::Duration;

/// `utime` and `stime` count in ticks of 1/100 s on every Linux that userland sees (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);
const KIB_PER_MIB: f64 = 1024.0;

/// CPU time of all threads of a process so far, those that have ended included, to 10 ms.
pub(super) fn cpu(pid: u32) -> Duration {
    let stat = read(format!("/proc/{pid}/stat"));
    ticks(&stat).map_or_else(|| panic!("/proc/{pid}/stat: {stat}"), |ticks| TICK * ticks)
}

/// Fields 14 and 15. The second is the program's name in brackets and may hold anything.
fn ticks(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (user, system) = (fields.next()?, fields.next()?);
    Some(user.parse::<u32>().ok()? + system.parse::<u32>().ok()?)
}

/// CPU time of the calling thread so far, to a few milliseconds.
pub(super) fn thread_cpu() -> Duration {
    let schedstat = read("/proc/thread-self/schedstat");
    let nanoseconds = schedstat.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_else(|| panic!("/proc/thread-self/schedstat: {schedstat}")))
}

/// Resident memory in MiB.
pub(super) fn resident(pid: u32) -> f64 {
    let status = read(format!("/proc/{pid}/status"));
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")).and_then(|text| text.parse::<f64>().ok());
    kib.unwrap_or_else(|| panic!("no VmRSS for {pid}")) / KIB_PER_MIB
}

/// The machine in a few words: processor and cores.
pub(super) fn machine() -> String {
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split_once(": ")).map_or("unknown processor", |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_read_behind_whatever_the_program_is_called() {
        let stat = "7 (a) 1 2) S 1 7 7 0 -1 4194560 100 0 0 0 12 30 5 6 20 0 3 0 99";
        assert_eq!(ticks(stat), Some(42));
    }
}
