//! Which addresses items may be sent to. An officer names the address, so the server must not become a way into the network
//! it stands in: what lies inside is refused unless the operator of the machine named the host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// Said of an address that lies inside.
pub(crate) const INSIDE: &str =
    "这个地址在内部网络中，不能推送；确需推送的，请系统管理员在设置 GONGKAI_PUSH_HOSTS 中写明该主机";

/// The hosts inside that may be sent to.
#[derive(Debug, Clone, Default)]
pub struct PushHosts(Arc<[String]>);

impl PushHosts {
    /// These hosts: names or numbers, without ports. `None` if one of them cannot be a host.
    pub fn parse(text: &str) -> Option<PushHosts> {
        let hosts = text.split([',', '，', ' ']).map(str::trim).filter(|h| !h.is_empty());
        let hosts: Vec<String> = hosts.map(|h| h.trim_matches(['[', ']']).to_ascii_lowercase()).collect();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        let good = !hosts.is_empty() && hosts.iter().all(|h| h.chars().all(plain));
        good.then(|| PushHosts(hosts.into()))
    }

    fn named(&self, host: &str) -> bool {
        self.0.iter().any(|h| h.eq_ignore_ascii_case(host))
    }

    /// Whether this host with its port may stand in the address of a channel, as far as its name tells.
    pub(crate) fn may_name(&self, authority: &str) -> bool {
        let host = host_of(authority);
        if self.named(host) {
            return true;
        }
        if let Ok(ip) = host.parse::<IpAddr>() {
            return !is_inside(ip);
        }
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let last = host.rsplit('.').next().unwrap_or_default();
        // A name of digits only at its end is a number in another spelling (127.1, 0x7f.1), which resolvers take.
        let number = last.starts_with(|c: char| c.is_ascii_digit());
        host.contains('.') && !number && !["local", "localhost", "internal", "lan", "home"].contains(&last)
    }

    /// Whether an item may be sent to this host, which turned out to be at this number.
    pub fn may_reach(&self, authority: &str, ip: IpAddr) -> bool {
        self.named(host_of(authority)) || !is_inside(ip)
    }
}

/// The host without its port and brackets.
fn host_of(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a number belongs to no public network (RFC 6890 and the registries it began).
fn is_inside(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => is_inside_v4(v4),
        IpAddr::V6(v6) => is_inside_v6(v6),
    }
}

fn is_inside_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b))
}

fn is_inside_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_inside_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // Numbers of the older kind in several dresses: mapped, compatible, translated, 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => v4(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Only 2000::/3 is public; the documentation prefix lies in it.
        [0x2001, 0xdb8, ..] => true,
        [first, ..] => first & 0xe000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_inside_are_known_in_every_dress() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(is_inside(inside.parse().unwrap()), "{inside}");
        }
        for outside in
            ["1.2.4.8", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:1.2.4.8", "2002:102:408::"]
        {
            assert!(!is_inside(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn a_name_that_lies_inside_needs_the_operator() {
        let none = PushHosts::default();
        assert!(none.may_name("media.example.gov.cn:8443"));
        for inside in [
            "localhost",
            "127.0.0.1:80",
            "[::1]:80",
            "db",
            "db.internal",
            "nas.local",
            "127.1",
            "10.1",
            "0x7f.1",
            "2130706433",
            "a.b.localhost.",
            "db.0x1",
        ] {
            assert!(!none.may_name(inside), "{inside}");
        }
        let some = PushHosts::parse("127.0.0.1, Media.Internal，[::1]").unwrap();
        for named in ["127.0.0.1:9000", "media.internal", "[::1]"] {
            assert!(some.may_name(named), "{named}");
        }
        assert!(some.may_reach("media.internal:8080", "10.0.0.1".parse().unwrap()));
        assert!(
            !some.may_reach("media.example.gov.cn", "10.0.0.1".parse().unwrap()),
            "a name can lead inside"
        );
        assert!(!some.may_name("127.0.0.2"));
        assert!(PushHosts::parse("a/b").is_none() && PushHosts::parse(" ").is_none());
    }
}
