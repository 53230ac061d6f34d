//! The networks of trusted proxies, and a warning where one is so wide that more than proxies fit in. `settings` calls it.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// Reads `10.0.0.0/29,192.0.2.7`.
pub(super) fn read(text: &str) -> Result<Vec<IpNet>, String> {
    let network = |part: &str| {
        let part = part.trim();
        let alone = || part.parse::<IpAddr>().map(IpNet::from);
        let network = part.parse().or_else(|_| alone());
        network.map(canonical).map_err(|_| format!("{part} is no network; write 10.0.0.0/29 or 192.0.2.7"))
    };
    text.split(',').filter(|part| !part.trim().is_empty()).map(network).collect()
}

/// `::ffff:10.0.0.0/125` as `10.0.0.0/29`, which is how clients' addresses are compared.
fn canonical(network: IpNet) -> IpNet {
    let mapped = match network.addr().to_canonical() {
        IpAddr::V4(address) => network.prefix_len().checked_sub(96).and_then(|len| Ipv4Net::new(address, len).ok()),
        IpAddr::V6(_) => None,
    };
    mapped.filter(|_| matches!(network, IpNet::V6(_))).map_or(network, IpNet::V4)
}

/// A sentence for each network of more than eight addresses: all who are in it are believed. The machine's own may be wide.
pub(super) fn too_wide(networks: &[IpNet]) -> impl Iterator<Item = String> {
    let is_wide = |network: &&IpNet| network.max_prefix_len() - network.prefix_len() > 3;
    networks.iter().filter(|network| !network.network().is_loopback()).filter(is_wide).map(|network| {
        format!(
            "NYCKEL_TRUSTED_PROXIES has {network}: every machine and container in that network can pass for any client; \
             give the proxy a fixed address and name only that"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_in_which_more_than_proxies_fit_is_a_warning() {
        for (networks, wide) in [
            ("", 0),
            ("172.16.0.0/12", 1),
            ("192.0.2.0/29, 192.0.2.7, 2001:db8::/125, 2001:db8::7", 0),
            ("192.0.2.0/28, 2001:db8::/124, 0.0.0.0/0, ::/0", 4),
            ("127.0.0.0/8, ::1", 0),
        ] {
            let networks = read(networks).unwrap();
            assert_eq!(too_wide(&networks).count(), wide, "{networks:?}");
        }
        assert_eq!(read("::ffff:10.0.0.0/125, ::ffff:192.0.2.7").unwrap(), read("10.0.0.0/29, 192.0.2.7").unwrap());
        assert!(read("10.0.0.0/33").unwrap_err().contains("write 10.0.0.0/29"));
    }
}
