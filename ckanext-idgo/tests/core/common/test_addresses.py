"""Which addresses may be fetched: tricks of writing, ranges, transition addresses (issue 3)."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.idgo.common.core.addresses import (
    Policy,
    ascii_host,
    check_address,
    check_url,
    embedded_ipv4,
    is_own_path,
)
from ckanext.idgo.common.core.errors import ForbiddenUrl

POLICY = Policy()


def code_of(url: str, policy: Policy = POLICY) -> str:
    try:
        check_url(url, policy)
    except ForbiddenUrl as error:
        return error.code
    return "ok"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/a", "ok"),
        ("HTTPS://Example.ORG", "ok"),
        ("http://example.org:8080/a?b=c#d", "ok"),
        ("https://données.exemple.fr/é", "ok"),
        ("http://93.184.216.34/", "ok"),
        ("http://[2606:2800:220:1::1]/", "ok"),
        ("file:///etc/passwd", "url-scheme"),
        ("ftp://example.org/", "url-scheme"),
        ("gopher://example.org/", "url-scheme"),
        ("jar:http://example.org!/", "url-scheme"),
        ("//example.org/", "url-scheme"),
        ("example.org", "url-scheme"),
        ("", "url-unreadable"),
        ("http://exa mple.org/", "url-unreadable"),
        ("http://example.org\\@127.0.0.1/", "url-unreadable"),
        ("http://example.org/\r\nX: y", "url-unreadable"),
        ("http://example.org:99999/", "url-unreadable"),
        ("http://[::1", "url-unreadable"),
        ("http://" + "a" * 3000, "url-unreadable"),
        ("http://user:secret@example.org/", "url-credentials"),
        ("http://example.org@127.0.0.1/", "url-credentials"),
        ("http:///path", "url-host"),
        ("http://exa_mple..org/", "url-host"),
        ("http://127.1/", "url-host"),
        ("http://2130706433/", "url-host"),
        ("http://0x7f000001/", "url-host"),
        ("http://0x7f.0.0.1/", "url-host"),
        ("http://0177.0.0.1/", "url-host"),
        ("http://127.0.0.1/", "url-address"),
        ("http://127.0.0.1./", "url-address"),
        ("http://１２７.０.０.１/", "url-address"),
        ("http://127。0。0。1/", "url-address"),
        ("http://localhost/", "url-address"),
        ("http://LOCALHOST./", "url-address"),
        ("http://a.localhost/", "url-address"),
        ("http://solr/", "url-address"),
        ("http://db.internal/", "url-address"),
        ("http://printer.local/", "url-address"),
        ("http://0.0.0.0/", "url-address"),
        ("http://10.1.2.3/", "url-address"),
        ("http://172.16.0.1/", "url-address"),
        ("http://192.168.1.1/", "url-address"),
        ("http://169.254.169.254/latest/meta-data/", "url-address"),
        ("http://100.64.0.1/", "url-address"),
        ("http://224.0.0.1/", "url-address"),
        ("http://255.255.255.255/", "url-address"),
        ("http://198.18.0.1/", "url-address"),
        ("http://192.0.2.1/", "url-address"),
        ("http://[::1]/", "url-address"),
        ("http://[::]/", "url-address"),
        ("http://[fe80::1]/", "url-address"),
        ("http://[fe80::1%25eth0]/", "url-host"),
        ("http://[fc00::1]/", "url-address"),
        ("http://[fec0::1]/", "url-address"),
        ("http://[ff02::1]/", "url-address"),
        ("http://[2001:db8::1]/", "url-address"),
        ("http://[::ffff:127.0.0.1]/", "url-address"),
        ("http://[::ffff:0:127.0.0.1]/", "url-address"),
        ("http://[::7f00:1]/", "url-address"),
        ("http://[64:ff9b::7f00:1]/", "url-address"),
        ("http://[64:ff9b:1::a00:1]/", "url-address"),
        ("http://[2002:7f00:1::]/", "url-address"),
        ("http://[2002:c0a8:101::1]/", "url-address"),
        ("http://[2001:0:5ef5:79fb:0:0:80ff:fffe]/", "url-address"),
        ("http://[::ffff:93.184.216.34]/", "ok"),
        ("http://[64:ff9b::5db8:d822]/", "ok"),
        ("http://example.org:22/", "url-port"),
        ("http://example.org:6379/", "url-port"),
        ("http://example.org:0/", "url-port"),
    ],
)
def test_a_url_is_judged_as_it_will_be_read(url: str, code: str) -> None:
    assert code_of(url) == code


def test_an_operator_opens_a_host_and_port_by_name_and_nothing_else() -> None:
    policy = Policy.of(ports=[80, 443], allow=["127.0.0.1:5000", "Solr.internal", " [::1]:8983 ", ""])
    assert code_of("http://127.0.0.1:5000/", policy) == "ok"
    assert code_of("http://127.0.0.1:5001/", policy) == "url-address"
    assert code_of("http://127.0.0.2:5000/", policy) == "url-address"
    assert code_of("http://solr.internal/", policy) == "ok"
    assert code_of("http://solr.internal:8983/", policy) == "url-address"
    assert code_of("http://[::1]:8983/", policy) == "ok"
    assert code_of("http://user@127.0.0.1:5000/", policy) == "url-credentials"
    assert code_of("file://127.0.0.1:5000/", policy) == "url-scheme"
    assert code_of("http://example.org:8080/", policy) == "url-port"


def test_the_target_is_normalised() -> None:
    target = check_url(" HTTP://Exämple.ORG:80/a b".replace(" b", "%20b") + "?q=é#x ", POLICY)
    assert target.url == "http://xn--exmple-cua.org/a%20b?q=%C3%A9"
    assert (target.host, target.port, target.authority) == ("xn--exmple-cua.org", 80, "xn--exmple-cua.org")
    assert check_url("https://[2606:2800:220:1::1]:8443", POLICY).url == "https://[2606:2800:220:1::1]:8443/"


def test_messages_show_no_control_characters() -> None:
    with pytest.raises(ForbiddenUrl) as caught:
        check_url("http://\x1b[31m/", POLICY)
    assert "\x1b" not in str(caught.value)


v4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
EMBEDDINGS = (
    lambda a: 0xFFFF << 32 | a,
    lambda a: 0xFFFF << 48 | a,
    lambda a: 0x64FF9B << 96 | a,
    lambda a: 0x2002 << 112 | a << 80,
    lambda a: 0x20010000 << 96 | (~a & 0xFFFFFFFF),
)


def allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        check_address(address, str(address))
    except ForbiddenUrl:
        return False
    return True


@given(v4, st.sampled_from(EMBEDDINGS))
def test_an_embedded_address_is_judged_as_itself(address: ipaddress.IPv4Address, embed: object) -> None:
    wrapped = ipaddress.IPv6Address(embed(int(address)))  # type: ignore[operator]
    assert embedded_ipv4(wrapped) == address
    assert allowed(wrapped) == allowed(address)


@given(st.ip_addresses())
def test_nothing_private_is_ever_allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if allowed(address) and embedded_ipv4(address) is None:
        assert address.is_global
        assert not address.is_multicast


@given(st.text(max_size=40))
def test_any_text_is_judged_without_another_error(text: str) -> None:
    code_of(text)
    code_of(f"http://{text}/")
    try:
        host = ascii_host(text)
    except ForbiddenUrl:
        return
    assert ascii_host(host) == host


def test_a_path_of_the_site_is_one_for_a_browser_too() -> None:
    own = ("/", "/mes-acces", "/dataset/?q=l%27eau&page=2#bas", "/organisme/forêts", "/.//ville")
    other = ("//ville.example", "/\\ville.example", "/\t/ville.example", "/\r\nX: y", "https://ville.example")
    other = (*other, "javascript:alert(1)", "https:ville.example", "@ville.example", "\\\\ville", "", None, 3)
    assert [path for path in own if not is_own_path(path)] == []
    assert [path for path in other if is_own_path(path)] == []
