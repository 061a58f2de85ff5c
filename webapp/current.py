"""What the running site was made of, for the code that answers a request."""

import contextlib
import hashlib
import secrets
from ipaddress import IPv6Address, ip_address, ip_network
from typing import cast

from flask import current_app, request, session

from webapp.settings import WebSettings
from webapp.wiring import Parts


def parts() -> Parts:
    return cast(Parts, current_app.extensions["deep_hop"])


def settings() -> WebSettings:
    return cast(WebSettings, current_app.extensions["deep_hop_settings"])


def mark() -> str:
    """The mark of the browser that asks, from which its name cannot be had."""
    return hashlib.sha256(visitor().encode()).hexdigest()[:24]


def network() -> str:
    """Where the request comes from: an address, of IPv6 the 64 bits that a network has, because
    whoever has one such address has as many as they like."""
    given = str(request.remote_addr)
    with contextlib.suppress(ValueError):
        address = ip_address(given)
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            return str(address.ipv4_mapped)
        if address.version == 6:
            return str(ip_network((address.packed[:8] + bytes(8), 64)))
    return given


def visitor() -> str:
    """A name for the browser that asks, drawn at random and kept in its session."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(8)
        session.permanent = True
    return str(session["visitor"])
