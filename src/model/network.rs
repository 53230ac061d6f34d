//! Which addresses count as one: those of one household or company, and those that one holder of many has at least.

use std::net::IpAddr;

use ipnet::IpNet;

/// One household or company: an IPv4 address, or the /64 of an IPv6 one.
pub fn household(client: IpAddr) -> String {
    let network = around(client, (32, 64));
    // As people write a single address.
    if network.addr().is_ipv4() { network.addr().to_string() } else { network.to_string() }
}

/// What one holder of many addresses has at least: the /24 of an IPv4 address, or the /48 of an IPv6 one.
pub fn neighbourhood(client: IpAddr) -> IpNet {
    around(client, (24, 48))
}

fn around(client: IpAddr, (v4, v6): (u8, u8)) -> IpNet {
    let client = client.to_canonical();
    let network = IpNet::new(client, if client.is_ipv4() { v4 } else { v6 });
    network.map_or_else(|_| client.into(), |network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_household_count_together() {
        let household = |client: &str| household(client.parse().unwrap());
        assert_eq!(household("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(household("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn neighbours_wait_in_one_line() {
        let neighbourhood = |client: &str| neighbourhood(client.parse().unwrap()).to_string();
        assert_eq!(neighbourhood("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(neighbourhood("::ffff:192.0.2.1"), "192.0.2.0/24");
        assert_eq!(neighbourhood("2001:db8:1:2:3::4"), "2001:db8:1::/48");
    }
}
