"""Which addresses of other programs may be called: https, by name, and nothing inside of a network.

An address is typed by a person and called by the server, which stands where that person may not reach: so the server
must not be led to its own machine, its neighbours, or a cloud's metadata. Here stands what decides that, without looking
anything up: the shape of an address (`read`), and whether a number is one of the public internet (`is_public`).

What is refused follows the registries of special-purpose addresses that IANA keeps for IPv4 and IPv6 (RFC 6890), and is
stricter for IPv6: forms that carry an IPv4 address in them (mapped, NAT64, 6to4, Teredo) would lead to that one.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network

import idna

from webapp.domain.refusal import Refused

PORTS = frozenset({443, 8443})
LONGEST = 2000
LONGEST_HOST = 253
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
LAST_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
# Names that stand for a machine or a network of one's own, by RFC 6761, RFC 6762 and ICANN's `internal`.
INSIDE = {"localhost", "local", "internal", "arpa", "onion"}
SHAPE = re.compile(
    r"(?i:https)://(?P<host>[^\s/?#@:%\\\[\]]+)(:(?P<port>[0-9]{1,5}))?(?P<rest>([/?][A-Za-z0-9._~:/?@!$&'()*+,;=%\[\]-]*)?)"
)

NOT_PUBLIC_4 = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # public by number, but a cloud's own service to the machines in it
    )
)
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols, among them Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # answers for names of private networks
        "3fff::/20",  # documentation
    )
)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An address as it goes over the wire; `target` is its path and query."""

    host: str
    port: int
    target: str


def read(text: str, *, listed: Collection[tuple[str, int]] = ()) -> WebAddress:
    """Take an address apart.

    Args:
        text: what somebody typed
        listed: (host, port) that whoever runs the machine allows although they are inside, or at another port

    Raises:
        Refused: with what is wrong with it

    """
    found = SHAPE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise Refused(
            "The address must look like {example}, without a name to sign in with and without “#”.",
            place="address",
            example="https://chat.example.org/hooks/…",
        )
    host, port = _on_the_wire(found["host"]), int(found["port"] or 443)
    rest = found["rest"]
    address = WebAddress(host, port, rest if rest.startswith("/") else f"/{rest}")
    if (host, port) in listed:
        return address
    if port not in PORTS:
        raise Refused(
            "Only the ports 443 and 8443 may be called; whoever runs this machine can allow another.",
            place="address",
        )
    labels = host.split(".")
    if len(labels) == 1 or labels[-1] in INSIDE or not LAST_LABEL.fullmatch(labels[-1]):
        raise Refused(
            "The address must name a machine on the public internet; whoever runs this one can allow others.",
            place="address",
        )
    return address


def _on_the_wire(host: str) -> str:
    """A host's name in ASCII. Letters that other programs would read as others are refused, not replaced."""
    name = host.lower() if host.isascii() else host
    try:
        if not name.isascii() or "xn--" in name:
            wire = idna.encode(name).decode()
            if not name.isascii() and idna.decode(wire) != name:
                raise ValueError  # noqa: TRY301 - the one place that says what it means
            name = wire
        if len(name) > LONGEST_HOST or not all(LABEL.fullmatch(label) for label in name.split(".")):
            raise ValueError  # noqa: TRY301 - likewise
    except (ValueError, IndexError) as error:  # idna's own errors are ValueErrors
        raise Refused(
            "The name in the address is not one that is written like that.", place="address"
        ) from error
    return name


def is_public(number: str) -> bool:
    """Whether an IP address, as a resolver gives it, is one of the public internet; False for what is none."""
    try:
        found = ip_address(number)
    except ValueError:
        return False
    if "%" in number or not found.is_global or found.is_multicast or found.is_reserved:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in NOT_PUBLIC_4)
    return found in PUBLIC_6 and not any(found in network for network in NOT_PUBLIC_6)
