//! Who is at the other end: the peer of the connection, or what a trusted proxy says of it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::model::network::neighbourhood;

/// The peer of the connection, put into each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Why a forwarding header says less than whoever set up the proxy may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It comes from a peer that is no trusted proxy.
    Untrusted,
    /// A trusted proxy wrote what is no address.
    Unreadable,
    /// A trusted proxy says it in headers that are not read.
    OtherHeader,
}

/// How many networks are named for a doubt: anybody can send a header from as many as they have.
const NAMED: usize = 16;

/// What was said of doubts. Clones share it.
#[derive(Clone, Default)]
pub struct Doubts(Arc<Mutex<HashSet<(Doubt, IpNet)>>>);

impl Doubts {
    /// Says it in the log, once for each of the first networks: after that it would only fill it.
    pub fn tell(&self, doubt: Doubt, peer: Option<Peer>) {
        let Some(Peer(peer)) = peer else { return };
        let network = neighbourhood(peer);
        if !self.is_new(doubt, network) {
            return;
        }
        match doubt {
            Doubt::Untrusted => tracing::warn!(
                %network,
                "X-Forwarded-For came from a peer that NYCKEL_TRUSTED_PROXIES does not name and is ignored; if that is your \
                 proxy, name its address there: until then all its clients count as one"
            ),
            Doubt::Unreadable => tracing::warn!(
                %network,
                "a trusted proxy sent an X-Forwarded-For whose last entry is no address; all its clients count as one until \
                 it sends the client's address"
            ),
            Doubt::OtherHeader => tracing::warn!(
                %network,
                "a trusted proxy sent Forwarded or X-Real-IP, but no X-Forwarded-For, which alone is read; all its clients \
                 count as one until it sends that"
            ),
        }
    }

    fn is_new(&self, doubt: Doubt, network: IpNet) -> bool {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.iter().filter(|(of, _)| *of == doubt).count() < NAMED && said.insert((doubt, network))
    }
}

/// The client's address. `X-Forwarded-For` counts only where the peer is a trusted proxy, and there only from the right:
/// the first address that is no trusted proxy is the client, whatever else stands to the left of it.
pub fn address(peer: Option<Peer>, headers: &HeaderMap, trusted: &[IpNet]) -> (IpAddr, Option<Doubt>) {
    let Peer(peer) = peer.unwrap_or(Peer(Ipv4Addr::LOCALHOST.into()));
    let peer = peer.to_canonical();
    let lines = headers.get_all("x-forwarded-for");
    if !is_trusted(peer, trusted) {
        return (peer, lines.iter().next().map(|_| Doubt::Untrusted));
    }
    let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line.as_bytes())).collect();
    let hops = lines.iter().flat_map(|line| line.split(',')).map(str::trim).filter(|hop| !hop.is_empty());
    if lines.is_empty() && ["forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name)) {
        return (peer, Some(Doubt::OtherHeader));
    }
    let mut client = peer;
    for hop in hops.collect::<Vec<_>>().into_iter().rev() {
        // What can't be read can't be trusted either: the hop that passed it on is as far as we know.
        let Some(address) = read(hop) else { return (client, Some(Doubt::Unreadable)) };
        client = address;
        if !is_trusted(client, trusted) {
            break;
        }
    }
    (client, None)
}

/// Whether an address is one of the trusted proxies'.
pub fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address.to_canonical()))
}

/// An address as proxies write it: alone, in brackets, with a port, in quotation marks, with a zone.
fn read(hop: &str) -> Option<IpAddr> {
    let hop = hop.strip_prefix('"').and_then(|hop| hop.strip_suffix('"')).unwrap_or(hop).trim();
    let hop = &*hop.split_once('%').map_or(Cow::Borrowed(hop), |(address, zone)| {
        Cow::Owned(format!("{address}{}", zone.find(']').map_or("", |end| &zone[end..])))
    });
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let with_port = || hop.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, lines: &[&str], trusted: &str) -> (String, Option<Doubt>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let trusted: Vec<IpNet> = trusted.split_whitespace().map(|t| t.parse().unwrap()).collect();
        let (client, doubt) = address(Some(Peer(peer.parse().unwrap())), &headers, &trusted);
        (client.to_string(), doubt)
    }

    #[test]
    fn each_network_is_named_once_and_no_crowd_of_them_hides_a_proxys_own_fault() {
        let doubts = Doubts::default();
        let network = |n: u8| neighbourhood([198, 51, n, 7].into());
        assert!(doubts.is_new(Doubt::Untrusted, network(0)) && !doubts.is_new(Doubt::Untrusted, network(0)));
        let named = (0..=u8::MAX).filter(|n| doubts.is_new(Doubt::Untrusted, network(*n))).count();
        assert_eq!(named, NAMED - 1);
        assert!(doubts.is_new(Doubt::Unreadable, network(0)));
    }

    #[test]
    fn a_forged_forwarding_header_is_ignored() {
        let forged = seen("192.0.2.1", &["203.0.113.9"], "");
        assert_eq!(forged, ("192.0.2.1".to_owned(), Some(Doubt::Untrusted)));
        assert_eq!(seen("192.0.2.1", &[], ""), ("192.0.2.1".to_owned(), None));
    }

    #[test]
    fn the_last_address_that_is_no_proxys_is_the_client_however_it_is_written() {
        for (lines, client) in [
            (&["203.0.113.9, 198.51.100.7"][..], "198.51.100.7"),
            (&["198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            (&["203.0.113.7:51234"], "203.0.113.7"),
            (&["[2001:db8::1]:443"], "2001:db8::1"),
            (&["[2001:db8::1]"], "2001:db8::1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["::ffff:203.0.113.7"], "203.0.113.7"),
            (&["[::ffff:203.0.113.7]:443"], "203.0.113.7"),
            (&["  203.0.113.7\t,  10.0.0.2  ,"], "203.0.113.7"),
            (&["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
            (&["203.0.113.9", "198.51.100.7:80, [::ffff:10.0.0.2]:80", " "], "198.51.100.7"),
            (&["\"203.0.113.7\""], "203.0.113.7"),
            (&["\"203.0.113.7:80\", \"10.0.0.2\""], "203.0.113.7"),
            (&["\"[2001:db8::1]:443\""], "2001:db8::1"),
            (&["fe80::1%eth0"], "fe80::1"),
            (&["[fe80::1%25eth0]:443"], "fe80::1"),
            (&["nonsense, 198.51.100.7"], "198.51.100.7"),
            (&["\u{e5}", "198.51.100.7"], "198.51.100.7"),
            (&["", ","], "10.0.0.1"),
        ] {
            for peer in ["10.0.0.1", "::ffff:10.0.0.1"] {
                assert_eq!(seen(peer, lines, "10.0.0.0/8"), (client.to_owned(), None), "{lines:?}");
            }
        }
    }

    #[test]
    fn a_trusted_proxy_that_says_it_elsewhere_is_noticed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        for (peer, header, doubt) in [
            ("10.0.0.1", "forwarded", Some(Doubt::OtherHeader)),
            ("10.0.0.1", "x-real-ip", Some(Doubt::OtherHeader)),
            ("10.0.0.1", "via", None),
            ("192.0.2.1", "x-real-ip", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header, HeaderValue::from_static("203.0.113.7"));
            let peer: IpAddr = peer.parse().unwrap();
            assert_eq!(address(Some(Peer(peer)), &headers, &trusted), (peer, doubt), "{header}");
            headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
            assert_ne!(address(Some(Peer(peer)), &headers, &trusted).1, Some(Doubt::OtherHeader));
        }
    }

    #[test]
    fn what_can_not_be_read_ends_at_who_passed_it_on() {
        for hop in [
            "nonsense",
            "unknown",
            "_hidden",
            "203.0.113.7:",
            "203.0.113.7:99999",
            "[203.0.113.7",
            "\u{e5}",
            "1.2.3",
            "\"203.0.113.7",
            "%eth0",
        ] {
            let line = format!("203.0.113.9, {hop}, 10.0.0.2");
            assert_eq!(
                seen("10.0.0.1", &[&line], "10.0.0.0/8"),
                ("10.0.0.2".to_owned(), Some(Doubt::Unreadable)),
                "{hop}"
            );
        }
    }
}
