//! `[limits]`: each limit, and what is others of it for a tier.

use super::reader::Reader;
use signet_protocol::id::TierName;
use signet_service::limits::{LimitName, LimitSettings, LimitTable, Rule, Strategy};

/// Takes everything below `limits` into the table.
pub(super) fn read(reader: &mut Reader, table: &mut LimitTable) {
    reader.flag("limits.enabled", &mut table.enabled);
    for tier in reader.list("limits.tiers").into_iter().map(TierName::from) {
        if tier.could_be_declared() {
            table.add_tier(tier);
        } else {
            let mend = "1 to 32 lower-case letters, digits and single underscores, a letter first";
            reader.refuse("limits.tiers", format!("{:?} is no name for a tier", tier.as_str()), mend);
        }
    }
    for name in LimitName::ALL {
        let key = format!("limits.{}", name.as_str());
        table.set(name, settings(reader, &key, table.get(name)));
        tiers(reader, table, name, &format!("{key}.tiers"));
    }
}

fn tiers(reader: &mut Reader, table: &mut LimitTable, name: LimitName, key: &str) {
    let mut told = None;
    for below in reader.below(key) {
        let tier = TierName::from(below.split('.').next().unwrap_or_default());
        if told.as_ref() == Some(&tier) {
            continue;
        }
        if table.has_tier(&tier) {
            let own = settings(reader, &format!("{key}.{tier}"), table.get(name));
            table.set_for(name, &tier, own);
        } else {
            let mend = "name it in `limits.tiers`, or correct it";
            reader.refuse(&format!("{key}.{below}"), format!("there is no tier {:?}", tier.as_str()), mend);
        }
        told = Some(tier);
    }
}

/// The fields of one table; what it leaves out stays as it was.
fn settings(reader: &mut Reader, table: &str, mut limit: LimitSettings) -> LimitSettings {
    let key = |field: &str| format!("{table}.{field}");
    reader.parsed(&key("strategy"), &mut limit.strategy, |text| {
        let names = Strategy::ALL.map(Strategy::as_str).join(", ");
        Strategy::named(text)
            .ok_or_else(|| (format!("`{text}` is no strategy"), format!("choose one of {names}")))
    });
    let (mut number, mut burst) = (limit.number.unwrap_or(0), limit.burst.unwrap_or(0));
    reader.number(&key("number"), 1..=Rule::MOST, &mut number);
    reader.number(&key("period"), 1..=Rule::LONGEST, &mut limit.period);
    reader.number(&key("burst"), 1..=Rule::MOST, &mut burst);
    (limit.number, limit.burst) = ((number > 0).then_some(number), (burst > 0).then_some(burst));
    if limit.burst.is_some() && !limit.strategy.has_burst() {
        let wrong = format!("{} has no burst", limit.strategy.as_str());
        reader.refuse(&key("burst"), wrong, "remove it, or choose token_bucket or leaky_bucket");
    }
    let refill = u64::from(burst) * u64::from(limit.period) / u64::from(number.max(1));
    if refill > u64::from(Rule::LONGEST_REFILL) {
        let wrong = format!("it would take {refill} seconds to earn {burst}");
        reader.refuse(&key("burst"), wrong, "make it smaller, or the limit's number larger");
    }
    limit
}
