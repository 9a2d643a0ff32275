"""Which addresses the server may fetch: the rules, without a socket (issue 3, « bad input »).

A URL given by a person or read in a record must not make the server talk to itself or to its neighbours
(server-side request forgery). Two gates: the URL as written (:func:`check_url`), then every address its host
resolves to (:func:`check_address`). The client connects to a checked address and to no other, and passes both
gates again at each redirect.

An operator may open a few targets by name (``ckanext.idgo.http.allow``, ``host:port``): the demonstration's
own loopback, a catalogue on the same network.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from ckanext.idgo.common.core.errors import N_, ForbiddenUrl

SCHEMES = {"http": 80, "https": 443}
DEFAULT_PORTS = frozenset({80, 443, 8080, 8443})
MAX_URL_LENGTH = 2048

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)
_LOCAL_SUFFIXES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa")
_IPV4_INSIDE = (  # network, bits to shift right to reach the IPv4 address it carries
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (ipaddress.IPv6Network("::/96"), 0),  # IPv4-compatible, RFC 4291
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),  # local-use NAT64, RFC 8215
    (ipaddress.IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
)
_TEREDO = ipaddress.IPv6Network("2001::/32")
_NEVER = (
    ipaddress.ip_network("0.0.0.0/8"),
    ipaddress.ip_network("100.64.0.0/10"),  # shared address space of carriers, RFC 6598
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
    ipaddress.ip_network("198.18.0.0/15"),  # benchmarking, RFC 2544
    ipaddress.ip_network("240.0.0.0/4"),
    ipaddress.ip_network("fec0::/10"),  # site-local, deprecated but routed inside
)


@dataclass(frozen=True)
class Target:
    """A checked URL: ``url`` is normalised (host in ASCII, no fragment), ``host`` without brackets,
    ``allowed`` when the operator named this ``host:port``."""

    url: str
    scheme: str
    host: str
    port: int
    allowed: bool

    @property
    def authority(self) -> str:
        """``host[:port]`` for the Host header, the default port left out, IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == SCHEMES[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True)
class Policy:
    """``ports`` that may be reached; ``allow`` are ``host:port`` the operator opens, whatever the rules."""

    ports: frozenset[int] = DEFAULT_PORTS
    allow: frozenset[str] = frozenset()

    @classmethod
    def of(cls, ports: Iterable[int], allow: Iterable[str]) -> Policy:
        """A policy from configuration: an entry without a port opens 80 and 443."""
        entries = [entry.strip().lower() for entry in allow if entry.strip()]
        full = [
            name
            for entry in entries
            for name in ([entry] if _has_port(entry) else [f"{entry}:80", f"{entry}:443"])
        ]
        return cls(frozenset(ports), frozenset(full))


def _has_port(entry: str) -> bool:
    return re.search(r":\d+$", entry) is not None and (entry.startswith("[") or entry.count(":") == 1)


def check_url(url: str, policy: Policy) -> Target:
    """The URL as a :class:`Target`. Raises :class:`ForbiddenUrl` (``url-unreadable``, ``url-scheme``,
    ``url-credentials``, ``url-host``, ``url-address``, ``url-port``)."""
    text = url.strip()
    if not text or len(text) > MAX_URL_LENGTH or re.search(r"[\x00-\x20\x7f\\]", text):
        raise ForbiddenUrl("url-unreadable", N_("“{url}” is not a web address."), url=_shown(url))
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise ForbiddenUrl("url-unreadable", N_("“{url}” is not a web address."), url=_shown(url)) from error
    if parts.scheme.lower() not in SCHEMES:
        raise ForbiddenUrl(
            "url-scheme",
            N_("Only http and https addresses can be fetched, not “{scheme}”."),
            scheme=parts.scheme[:20],
        )
    if "@" in parts.netloc:
        raise ForbiddenUrl(
            "url-credentials", N_("The address holds a name or a password: give it without them.")
        )
    scheme = parts.scheme.lower()
    host = ascii_host(host)
    number = SCHEMES[scheme] if port is None else port
    name = f"[{host}]:{number}" if ":" in host else f"{host}:{number}"
    allowed = name in policy.allow
    if not allowed:
        _check_host(host)
        if number not in policy.ports:
            raise ForbiddenUrl("url-port", N_("Port {port} cannot be reached from here."), port=number)
    target = Target("", scheme, host, number, allowed)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return Target(urlunsplit((scheme, target.authority, path, query, "")), scheme, host, number, allowed)


def ascii_host(host: str) -> str:
    """Lower-case ASCII form of a host name or IPv6 address (IDNA), without a final dot.

    Raises :class:`ForbiddenUrl` for what no name server could mean: the full stops and digits of other
    scripts become plain ones *before* the rules look at them.
    """
    bare = host.rstrip(".").lower()
    try:
        if ":" in bare:
            if "%" in bare:
                raise ValueError("scope")  # a zone index names one of our own interfaces
            return str(ipaddress.IPv6Address(bare))
        name = bare.encode("idna").decode("ascii").lower().rstrip(".") if bare else ""
    except (UnicodeError, ValueError) as error:
        raise ForbiddenUrl("url-host", N_("“{host}” is not a host name."), host=_shown(host)) from error
    if not name or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ForbiddenUrl("url-host", N_("“{host}” is not a host name."), host=_shown(host))
    return name


def _check_host(host: str) -> None:
    if ":" in host:
        check_address(ipaddress.IPv6Address(host), host)
        return
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        # 127.1, 2130706433, 0x7f.1, 0177.0.0.1: what C libraries read as an address, and we do not.
        try:
            address = ipaddress.IPv4Address(host)
        except ipaddress.AddressValueError as error:
            raise ForbiddenUrl("url-host", N_("“{host}” is not a host name."), host=_shown(host)) from error
        check_address(address, host)
    elif labels[-1] in _LOCAL_SUFFIXES or len(labels) == 1:
        raise ForbiddenUrl(
            "url-address", N_("“{host}” is an address of this machine or of its network."), host=_shown(host)
        )


def check_address(address: IPAddress, host: str) -> None:
    """Raises :class:`ForbiddenUrl` (``url-address``) unless ``address`` is on the public Internet; the IPv4
    address carried by an IPv6 one is judged too."""
    carried = embedded_ipv4(address)
    if not _public(address, carried) or (carried is not None and not _public(carried, None)):
        raise ForbiddenUrl(
            "url-address", N_("“{host}” is an address of this machine or of its network."), host=_shown(host)
        )


def _public(address: IPAddress, carried: ipaddress.IPv4Address | None) -> bool:
    if any(address.version == net.version and address in net for net in _NEVER):
        return False
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    # Python calls transition prefixes reserved or private: what they carry decides.
    return carried is not None or (address.is_global and not address.is_private and not address.is_reserved)


def embedded_ipv4(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address an IPv6 transition address carries (mapped, translated, compatible, NAT64, 6to4,
    Teredo), else None."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    value = int(address)
    if address in _TEREDO:
        return ipaddress.IPv4Address(~value & 0xFFFFFFFF)
    for network, shift in _IPV4_INSIDE:
        if address in network:
            return ipaddress.IPv4Address(value >> shift & 0xFFFFFFFF)
    return None


def _shown(text: str) -> str:
    """What a message may repeat: short, and nothing that is not printable."""
    return "".join(c if c.isprintable() else "�" for c in text.strip()[:80])


#: What a browser reads as it stands: no backslash (read as a slash), no control character or space (dropped).
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def is_own_path(address: object) -> bool:
    """Is this a path of the site itself, whoever reads it? ``/a?b`` is; ``//a``, ``/\\a``, ``/<tab>/a``,
    which browsers take for another host (WHATWG URL, section 4.4), and anything else are not."""
    return isinstance(address, str) and _OWN_PATH.fullmatch(address) is not None
