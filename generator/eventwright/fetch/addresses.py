"""Which addresses a name has, and whether a fetch may go there.

A document's URL, or a redirect, may be somebody's attempt to have this machine ask a service inside
its network. So every address is looked at, and the connection goes to an address that was looked
at: a name that resolves otherwise the next moment (DNS rebinding) changes nothing.
"""

from __future__ import annotations

import socket
import threading
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from .rules import Deadline, Refused

Address: TypeAlias = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_LOOPBACK = IPv6Address("::1")


def checked(host: str, port: int, deadline: Deadline, *, private: bool, plain: bool) -> list[str]:
    """The addresses of `host`, all of which may be connected to, in the system's order.

    `private`: any address will do; `plain`: only this machine's, as nothing is encrypted. Raises
    Refused, OSError.
    """
    found = _resolve(host, port, deadline)
    for text in found:
        address = parse(text)
        if not private and not is_public(address):
            raise refusal(host, text)
        if plain and not is_loopback(address):
            raise Refused("http is not encrypted; only https is fetched")
    return found


def refusal(host: str, address: str) -> Refused:
    """An address that is not of the public internet."""
    named = host if host == address else f"{host} ({address})"
    help = "if that is your own server: eventwright pull --allow-private"
    return Refused(f"{named} is not a public address", help)


def literal(host: str) -> Address | None:
    """The address that a host part is, or None for a name."""
    try:
        return parse(host)
    except ValueError:
        return None


def parse(text: str) -> Address:
    """An address; an IPv4 one that travels inside IPv6 is that IPv4 one. Raises ValueError."""
    address = ip_address(text)
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or (address in _COMPATIBLE and address > _LOOPBACK):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def is_public(address: Address) -> bool:
    """Of the public internet: not private, loopback, link-local, shared, reserved, multicast."""
    local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not address.is_multicast and not local


def is_loopback(address: Address) -> bool:
    """This machine."""
    return address.is_loopback


def _resolve(host: str, port: int, deadline: Deadline) -> list[str]:
    # The system's resolver keeps no deadline of ours: it is waited for, then left behind.
    answer: list[list[str] | OSError | UnicodeError] = []
    thread = threading.Thread(target=_look_up, args=(host, port, answer), daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not answer:
        raise TimeoutError
    if isinstance(answer[0], list):
        return answer[0]
    raise Refused(f"the name {host!r} cannot be resolved", "is there a network?") from answer[0]


def _look_up(host: str, port: int, answer: list[list[str] | OSError | UnicodeError]) -> None:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answer.append(error)
    else:
        answer.append(list(dict.fromkeys(str(info[4][0]) for info in infos)))
