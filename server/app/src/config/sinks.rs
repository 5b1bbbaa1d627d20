//! `[audit.sinks.NAME]`: where seals of the audit log are sent.

use super::reader::{Reader, Unfit};
use signet_protocol::id::TierName;
use signet_service::audit::{SinkSettings, SinkTarget, SyslogTransport};
use std::collections::BTreeSet;
use std::path::PathBuf;
use url::Url;

/// Syslog's own ports (RFC 5426 §3.3, RFC 5425 §4.1).
const PORT: u16 = 514;
const TLS_PORT: u16 = 6_514;

/// Every sink, by name.
pub(super) fn read(reader: &mut Reader) -> Vec<SinkSettings> {
    let first = |below: String| below.split('.').next().unwrap_or_default().to_owned();
    let names: BTreeSet<String> = reader.below("audit.sinks").into_iter().map(first).collect();
    names.into_iter().filter_map(|name| sink(reader, name)).collect()
}

fn sink(reader: &mut Reader, name: String) -> Option<SinkSettings> {
    let key = |field: &str| format!("audit.sinks.{name}.{field}");
    // What may name a tier may name a sink: a variable can say it.
    if !TierName::from(name.clone()).could_be_declared() {
        let mend = "1 to 32 lower-case letters, digits and single underscores, a letter first";
        reader.refuse(&key("kind"), format!("{name:?} is no name for a sink"), mend);
        return None;
    }
    let kind = reader.text(&key("kind")).unwrap_or_default();
    let takes: &[&str] = match kind.as_str() {
        "file" => &["path", "fsync"],
        "syslog" => &["url", "extra_ca"],
        "https" => &["url", "token", "extra_ca", "private"],
        _ => {
            reader.refuse(
                &key("kind"),
                format!("`{kind}` is no kind of sink"),
                "write file, syslog or https",
            );
            return None;
        }
    };
    for field in ["path", "fsync", "url", "token", "extra_ca", "private"] {
        if !takes.contains(&field) && reader.is_set(&key(field)) {
            reader.refuse(&key(field), format!("means nothing to a sink of the kind {kind}"), "remove it");
        }
    }
    let mut events = false;
    reader.flag(&key("events"), &mut events);
    let authority = reader.existing(&key("extra_ca"), false);
    let target = match kind.as_str() {
        "file" => file(reader, &key),
        "syslog" => syslog(reader, &key("url"), authority),
        _ => https(reader, &key, authority),
    }?;
    Some(SinkSettings { name, events, target })
}

fn file(reader: &mut Reader, key: &impl Fn(&str) -> String) -> Option<SinkTarget> {
    let mut fsync = true;
    reader.flag(&key("fsync"), &mut fsync);
    let path = reader.path(&key("path"));
    if path.is_none() {
        reader.refuse(&key("path"), "is not set", "name the file that lines are added to");
    }
    path.map(|path| SinkTarget::File { path, fsync })
}

fn syslog(reader: &mut Reader, key: &str, authority: Option<PathBuf>) -> Option<SinkTarget> {
    let mend = "write it like udp://host:514, tcp://host:514 or tls://host:6514";
    let url = address(reader, key, mend)?;
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let transport = SyslogTransport::named(url.scheme()).filter(|_| !host.is_empty());
    if transport.is_none() {
        reader.refuse(key, "is no address of a syslog server", mend);
    }
    let transport = transport?;
    let usual = if transport == SyslogTransport::Tls { TLS_PORT } else { PORT };
    Some(SinkTarget::Syslog { host, port: url.port().unwrap_or(usual), transport, authority })
}

fn https(
    reader: &mut Reader,
    key: &impl Fn(&str) -> String,
    authority: Option<PathBuf>,
) -> Option<SinkTarget> {
    let mend = "write it like https://logs.example.com/signet; a password goes into `token` or `token_file`";
    let url = address(reader, &key("url"), mend)?;
    if url.scheme() != "https" || !url.username().is_empty() || url.password().is_some() {
        reader.refuse(&key("url"), "is no https address without a password", mend);
        return None;
    }
    let token = reader.secret(&key("token"));
    let mut private = false;
    reader.flag(&key("private"), &mut private);
    Some(SinkTarget::Https { url, token, private, authority })
}

fn address(reader: &mut Reader, key: &str, mend: &str) -> Option<Url> {
    let mut url = None;
    if !reader.is_set(key) {
        reader.refuse(key, "is not set", mend);
    }
    reader.parsed(key, &mut url, |text| -> Result<Option<Url>, Unfit> {
        Url::parse(text).map(Some).map_err(|_| ("is no address".to_owned(), mend.to_owned()))
    });
    url
}
