//! Whatever stands in forwarding headers: a peer that isn't trusted stays who it is, and no trusted proxy's neighbour can
//! pass for somebody further away than the last trusted hop says.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use nyckel::server::client::{Peer, address};

/// The first byte says who calls, the rest is a header a line.
pub fn check(input: &[u8]) {
    let Some((peer, values)) = input.split_first() else { return };
    let is_proxy = peer % 2 == 1;
    let trusted: [IpNet; 2] = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
    let mut headers = HeaderMap::new();
    for value in values.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append("x-forwarded-for", value);
        }
    }
    let peer: IpAddr = if is_proxy { "10.0.0.1" } else { "192.0.2.1" }.parse().expect("an address");
    let (client, _) = address(Some(Peer(peer)), &headers, &trusted);
    if !is_proxy {
        assert_eq!(client, peer);
    }
    let lines = headers.get_all("x-forwarded-for");
    let lines: Vec<_> = lines.iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    // Whatever is taken for an address stands there, in some spelling: alone, with a port, in brackets, with a zone.
    let hops = lines.iter().flat_map(|line| line.split([',', '[', ']', ' ', '\t', '%']));
    let mut named = hops.flat_map(|hop| [hop, hop.rsplit_once(':').map_or(hop, |(address, _)| address)]);
    let is_named = named.any(|hop| hop.parse::<IpAddr>().is_ok_and(|hop| hop.to_canonical() == client));
    assert!(client == peer || is_named, "{client} was made up");
}
