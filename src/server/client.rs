//! Who is at the other end: the peer of the connection, or what a trusted proxy says of it.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The peer of the connection, put into each request by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The client's address. `X-Forwarded-For` counts only where the peer is a trusted proxy, and there only from the right:
/// the first address that is no trusted proxy is the client, whatever else stands to the left of it.
pub fn address(peer: Option<Peer>, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let Peer(peer) = peer.unwrap_or(Peer(Ipv4Addr::LOCALHOST.into()));
    let peer = peer.to_canonical();
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !is_trusted(peer) {
        return peer;
    }
    let hops = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = hops.flat_map(|value| value.split(',')).collect();
    let mut client = peer;
    for hop in hops.iter().rev() {
        // What can't be read can't be trusted either: the hop that passed it on is as far as we know.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !is_trusted(client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &'static str, trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        let trusted: Vec<IpNet> = trusted.split_whitespace().map(|t| t.parse().unwrap()).collect();
        address(Some(Peer(peer.parse().unwrap())), &headers, &trusted).to_string()
    }

    #[test]
    fn a_forged_forwarding_header_is_ignored() {
        assert_eq!(client("192.0.2.1", "203.0.113.9", ""), "192.0.2.1");
        assert_eq!(client("10.0.0.1", "203.0.113.9, 198.51.100.7", "10.0.0.0/8"), "198.51.100.7");
        assert_eq!(client("10.0.0.1", "198.51.100.7, 10.0.0.2", "10.0.0.0/8"), "198.51.100.7");
        assert_eq!(client("10.0.0.1", "nonsense", "10.0.0.0/8"), "10.0.0.1");
    }
}
