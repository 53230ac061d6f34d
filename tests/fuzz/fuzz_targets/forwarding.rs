//! Whatever stands in forwarding headers: a peer that isn't trusted stays who it is, and no trusted proxy's neighbour can
//! pass for somebody further away than the last trusted hop says.

#![no_main]

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;
use nyckel::server::client::{Peer, address};

fuzz_target!(|input: (bool, Vec<&[u8]>)| {
    let (is_proxy, values) = input;
    let trusted: [IpNet; 2] = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
    let mut headers = HeaderMap::new();
    for value in &values {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append("x-forwarded-for", value);
        }
    }
    let peer: IpAddr = if is_proxy { "10.0.0.1" } else { "192.0.2.1" }.parse().expect("an address");
    let client = address(Some(Peer(peer)), &headers, &trusted);
    if !is_proxy {
        assert_eq!(client, peer);
    }
    let others = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let mut named = others.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
    assert!(client == peer || named.any(|hop| hop.to_canonical() == client), "{client} was made up");
});
