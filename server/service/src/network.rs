//! Addresses as networks: near enough to tell a retry from a thief, and to count an attacker once.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The network of an address as it is kept with a grant: IPv4 by /24, IPv6 by /48.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => format!("{}/24", Ipv4Addr::from_bits(v4.to_bits() & 0xffff_ff00)),
        IpAddr::V6(v6) => format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() >> 80 << 80)),
    }
}

/// Whom a limit counts: an IPv4 address, or an IPv6 /64, which is one subscriber's.
pub fn subscriber(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{}/64", Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
    }
}
