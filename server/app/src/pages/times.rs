//! Moments as people read them: in their own time zone, and by how long ago it was.

use chrono::{Datelike as _, NaiveDateTime, SecondsFormat, Timelike as _};
use chrono_tz::Tz;
use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use signet_protocol::environment::Moment;

/// After so many days it is told on which day something was, and no longer how long ago.
const DAYS: i64 = 30;

/// One person's clock: what time it is now, and where.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    now: Moment,
    /// Their own zone; none: it is not known, and times are UTC and say so.
    zone: Option<Tz>,
}

impl Times {
    /// `zoneinfo` is the profile's (OpenID Connect Core §5.1): a name of the IANA time zone database.
    pub fn of(zoneinfo: Option<&str>, now: Moment) -> Self {
        Self { now, zone: zoneinfo.and_then(|name| name.parse().ok()) }
    }

    /// Whether this is a zone of the database.
    pub fn knows(zoneinfo: &str) -> bool {
        zoneinfo.parse::<Tz>().is_ok()
    }

    /// A day and a time of this person's clock, as a browser's field sends it (`2026-01-31T12:00`, seconds may follow). What is
    /// there twice in autumn is the first of them.
    pub fn read(self, text: &str) -> Option<Moment> {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
            .ok()?;
        let moment = local.and_local_timezone(self.zone.unwrap_or(Tz::UTC)).earliest()?;
        Some(moment.to_utc())
    }

    /// A moment, to be shown on a page or in a mail.
    pub const fn show(self, moment: Moment) -> When {
        When { moment, times: self }
    }
}

/// A moment that is shown to someone, by a template's `date(when)`, `day(when)` or `ago(when)`.
#[derive(Clone, Copy, Debug)]
pub struct When {
    moment: Moment,
    times: Times,
}

impl When {
    /// How long ago, as a number and its unit; `None` for what is long past or still to come.
    fn ago(&self) -> Option<(i64, &'static str)> {
        let past = self.times.now - self.moment;
        // A clock that differs by seconds makes no future.
        match past.num_seconds() {
            -60..60 => Some((0, "now")),
            60.. if past.num_minutes() < 60 => Some((past.num_minutes(), "minutes")),
            60.. if past.num_hours() < 24 => Some((past.num_hours(), "hours")),
            60.. if past.num_days() <= DAYS => Some((past.num_days(), "days")),
            _ => None,
        }
    }
}

/// What the templates' functions take: the calendar's numbers in the person's zone.
impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let zone = self.times.zone.unwrap_or(Tz::UTC);
        let local = self.moment.with_timezone(&zone);
        let (count, unit) = self.ago().unwrap_or((0, ""));
        let mut fields = serializer.serialize_struct("When", 8)?;
        fields.serialize_field("machine", &self.moment.to_rfc3339_opts(SecondsFormat::Secs, true))?;
        fields.serialize_field("year", &local.year())?;
        fields.serialize_field("month", &local.month())?;
        fields.serialize_field("day", &local.day())?;
        fields.serialize_field("time", &format!("{:02}:{:02}", local.hour(), local.minute()))?;
        fields.serialize_field("is_utc", &(zone == Tz::UTC))?;
        fields.serialize_field("count", &count)?;
        fields.serialize_field("unit", unit)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn shown(zone: Option<&str>, at: &str) -> serde_json::Value {
        let times = Times::of(zone, moment("2026-11-25T14:00:00Z"));
        serde_json::to_value(times.show(moment(at))).unwrap()
    }

    #[test]
    fn a_moment_is_told_in_the_persons_zone_in_summer_and_in_winter() {
        for (at, day, time) in [
            ("2026-11-24T23:30:00Z", 25, "00:30"),
            ("2026-07-24T21:30:00Z", 24, "23:30"),
            ("2026-10-25T00:30:00Z", 25, "02:30"),
            ("2026-10-25T01:30:00Z", 25, "02:30"),
        ] {
            let shown = shown(Some("Europe/Berlin"), at);
            assert_eq!((&shown["day"], &shown["time"]), (&day.into(), &time.into()), "{at}");
            assert_eq!((&shown["machine"], &shown["is_utc"]), (&at.into(), &false.into()), "{at}");
        }
    }

    #[test]
    fn without_a_zone_that_is_known_it_is_utc_and_says_so() {
        for zone in [None, Some(""), Some("Europe/Atlantis"), Some("../etc/passwd"), Some("UTC")] {
            let shown = shown(zone, "2026-11-25T14:00:00Z");
            assert_eq!((&shown["time"], &shown["is_utc"]), (&"14:00".into(), &true.into()), "{zone:?}");
        }
    }

    #[test]
    fn a_field_is_read_by_the_persons_own_clock() {
        let read = |zone, text| Times::of(zone, moment("2026-11-25T14:00:00Z")).read(text);
        assert_eq!(read(Some("Europe/Berlin"), "2026-07-24T12:30"), Some(moment("2026-07-24T10:30:00Z")));
        assert_eq!(read(Some("Europe/Berlin"), "2026-10-25T02:30"), Some(moment("2026-10-25T00:30:00Z")));
        assert_eq!(read(None, "2026-07-24T12:30:15"), Some(moment("2026-07-24T12:30:15Z")));
        // It is not there: clocks are put forward.
        assert_eq!(read(Some("Europe/Berlin"), "2026-03-29T02:30"), None);
        for nonsense in ["", "yesterday", "2026-02-30T10:00", "99999999-01-01T00:00", "2026-07-24"] {
            assert_eq!(read(None, nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn how_long_ago_is_never_said_longer_than_it_is() {
        let times = Times::of(None, moment("2026-11-25T14:00:00Z"));
        for (at, expected) in [
            ("2026-11-25T14:00:59Z", Some((0, "now"))),
            ("2026-11-25T13:59:01Z", Some((0, "now"))),
            ("2026-11-25T13:59:00Z", Some((1, "minutes"))),
            ("2026-11-25T13:00:01Z", Some((59, "minutes"))),
            ("2026-11-25T13:00:00Z", Some((1, "hours"))),
            ("2026-11-24T14:00:01Z", Some((23, "hours"))),
            ("2026-11-24T14:00:00Z", Some((1, "days"))),
            ("2026-10-26T14:00:00Z", Some((30, "days"))),
            ("2026-10-25T14:00:00Z", None),
            ("2026-11-25T14:02:00Z", None),
        ] {
            assert_eq!(times.show(moment(at)).ago(), expected, "{at}");
        }
    }
}
