"""What may be called: names on the public internet, and no number, no neighbour, no machine of our own."""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from webapp.domain.refusal import Refused
from webapp.domain.web_address import LABEL, WebAddress, is_public, read

PUBLIC_4, PUBLIC_6 = "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("chat.example.org/hooks/a?b=%20c", WebAddress("chat.example.org", 443, "/hooks/a?b=%20c")),
        ("Chat.Example.ORG", WebAddress("chat.example.org", 443, "/")),
        ("chat.example.org:8443/", WebAddress("chat.example.org", 8443, "/")),
        ("chat.example.org?a=b@c", WebAddress("chat.example.org", 443, "/?a=b@c")),
        ("bücher.example/x", WebAddress("xn--bcher-kva.example", 443, "/x")),
        ("xn--bcher-kva.example/x", WebAddress("xn--bcher-kva.example", 443, "/x")),
    ],
)
def test_an_address_is_taken_as_it_goes_over_the_wire(typed: str, address: WebAddress) -> None:
    assert read(f"https://{typed}") == address
    assert read(f"HTTPS://{typed}") == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "/x",
        "me@chat.example.org/",
        "me:word@chat.example.org/",
        "chat.example.org@127.0.0.1/",
        "chat.example.org\\@evil.example/",
        "chat.example.org#@evil.example/",
        "chat.example.org/#part",
        "chat.example.org /",
        "chat.example.org/\r\nX: y",
        "chat.exam\tple.org/",
        "chat.example.org/ü",
        "chat%2eexample.org/",
        "chat.example.org./",
        ".example.org/",
        "chat..example.org/",
        "-chat.example.org/",
        "under_score.example.org/",
        f"{'a' * 64}.example.org/",
        f"{'a.' * 130}example.org/",
        f"chat.example.org/{'a' * 2000}",
        "chat.example.org:80/",
        "chat.example.org:22/",
        "chat.example.org:0/",
        "chat.example.org:99999/",
        "chat.example.org:４４３/",
        "localhost/",
        "intranet/",
        "printer.local/",
        "metadata.google.internal/",
        "127.0.0.1/",
        "127.1/",
        "2130706433/",
        "0x7f.1/",
        "0x7f000001/",
        "017700000001/",
        "169.254.169.254/latest",
        "[::1]/",
        "[::ffff:127.0.0.1]/",
        "①②⑦.0.0.1/",
        "ｅvil.example/",
        "chat。example.org/",
        "\u212aelvin.example/",
        "faß\u00adx.example/",
        "xn--a.example/",
        "BÜCHER.example/",
    ],
)
def test_what_is_no_name_on_the_public_internet_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read(f"https://{typed}")


@pytest.mark.parametrize(
    "scheme", ["", "http://", "ftp://", "file://", "https:", "https:/", " https://", "https:// "]
)
def test_another_scheme_is_refused(scheme: str) -> None:
    with pytest.raises(Refused):
        read(f"{scheme}chat.example.org/")


def test_what_the_operator_lists_may_be_inside_and_at_another_port_and_nothing_else_may() -> None:
    inside = "chat.local"
    listed = {(inside, 8065), ("localhost", 443)}
    assert read(f"https://{inside}:8065/hook", listed=listed).port == 8065
    assert read("https://localhost/", listed=listed).host == "localhost"
    for typed in (
        f"{inside}/",
        f"{inside}:8066/",
        "localhost:8443/",
        "x.localhost/",
    ):
        with pytest.raises(Refused):
            read(f"https://{typed}", listed=listed)


@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"[0-9a-fxA-F.:]{1,30}", fullmatch=True),
        st.ip_addresses().map(str),
    )
)
@example("0x7f.0.0.1")
@example("１２７.0.0.1")
def test_whatever_stands_for_a_host_is_refused_or_is_a_plain_name_that_no_machine_reads_as_a_number(
    host: str,
) -> None:
    try:
        found = read(f"https://{host}/")
    except Refused:
        return
    assert found.target.startswith("/")
    assert all(LABEL.fullmatch(label) for label in found.host.split("."))
    for parse in (socket.inet_aton, lambda text: socket.inet_pton(socket.AF_INET6, text)):
        with suppress(OSError):
            parse(found.host)
            pytest.fail(f"{found.host} is a number.")


@given(st.ip_addresses())
def test_every_address_that_is_not_global_is_refused(address: IPv4Address | IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_link_local))
        assert not any((address.is_multicast, address.is_reserved, address.is_unspecified))


@given(st.ip_addresses(v=4))
@example(IPv4Address("127.0.0.1"))
@example(IPv4Address("169.254.169.254"))
@example(IPv4Address(PUBLIC_4))
def test_an_address_that_carries_another_one_in_it_is_refused(inner: IPv4Address) -> None:
    number = int(inner)
    for carrying in (
        int(IPv6Address("::ffff:0:0")) | number,  # mapped
        number,  # compatible
        int(IPv6Address("64:ff9b::")) | number,  # NAT64
        int(IPv6Address("64:ff9b:1::")) | number,  # NAT64 of one's own
        int(IPv6Address("2002::")) | number << 80,  # 6to4
        int(IPv6Address("2001::")) | (number ^ 0xFFFFFFFF),  # Teredo
        int(IPv6Address("fe80::5efe:0:0")) | number,  # ISATAP
    ):
        assert not is_public(str(IPv6Address(carrying)))
    assert not is_public(f"::ffff:{inner}")


@given(
    st.ip_addresses(v=4),
    st.sampled_from(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"]),
)
def test_no_number_of_a_private_network_is_public(number: IPv4Address, network: str) -> None:
    start, _slash, bits = network.partition("/")
    mask = (1 << (32 - int(bits))) - 1
    assert not is_public(str(IPv4Address(int(IPv4Address(start)) | int(number) & mask)))


@pytest.mark.parametrize(
    "number",
    [
        *(
            "0.1.2.3",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.255",
        ),
        *("255.255.255.255", "240.0.0.1", "198.18.0.1", "203.0.113.9", "192.88.99.1"),
        *(
            "::",
            "::1",
            "fe80::1%eth0",
            "fe80::a9fe:a9fe",
            "fd00:ec2::254",
            "fd20:ce::254",
            "fec0::1",
            "ff02::1",
        ),
        *("2001:db8::1", "2001:0:1::1", "3fff::1", "5f00::1", "100::1", "4000::1", "2606:2800::1%lo"),
        *("", "localhost", "1", "127.1", "0x7f.0.0.1", "127.0.0.1 "),
    ],
)
def test_numbers_of_special_purpose_are_not_public(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize(
    "number",
    [PUBLIC_4, PUBLIC_6, "1.1.1.1", "8.8.8.8", "2a00:1450:4001:80b::200e", "172.15.0.1", "172.32.0.1"],
)
def test_numbers_of_the_public_internet_are_public(number: str) -> None:
    assert is_public(number)


@given(st.ip_addresses(v=4))
def test_most_numbers_that_the_world_calls_global_are_public_here(number: IPv4Address) -> None:
    """Lest everything be refused: the few that are global by the book and are not here are listed in the module."""
    assume(number.is_global and not number.is_multicast)
    assume(ip_address("168.63.129.16") != number and number not in _few())
    assert is_public(str(number))


def _few() -> set[IPv4Address]:
    return {
        IPv4Address(int(IPv4Address(start)) + last)
        for start in ("192.31.196.0", "192.52.193.0", "192.88.99.0", "192.175.48.0", "192.0.0.0")
        for last in range(256)
    }
