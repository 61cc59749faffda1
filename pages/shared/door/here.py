"""What is this very machine, and what came from somewhere else."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

# A proxy in front says so in one of these.
OF_PROXIES = ("forwarded", "via", "x-real-ip", "x-original-host", "x-client-ip", "true-client-ip")
OF_PROXIES_BEGIN = ("x-forwarded", "cf-", "fly-", "x-envoy", "x-amzn", "fastly-")


def is_here(host: str | None) -> bool:
    """Whether a host, without a port, is this machine by one of its three names: localhost, 127.…, ::1."""
    host = (host or "").strip("[]").rstrip(".").lower()
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def is_from_here(headers: Iterable[tuple[str, str]]) -> bool:
    """
    Whether a request was sent on this machine to this machine, as far as its headers tell.

    A page from elsewhere whose name was made to point here (DNS rebinding) still sends that name, and a page of another
    program on this machine sends another port; a proxy in front says who it speaks for.
    """
    said = [(name.lower(), value) for name, value in headers]
    if any(name in OF_PROXIES or name.startswith(OF_PROXIES_BEGIN) for name, _ in said):
        return False
    hosts = [value for name, value in said if name == "host"]
    origins = [value for name, value in said if name == "origin"]
    return (
        len(hosts) == 1
        and is_here(_host_of(f"//{hosts[0]}"))
        and {*origins} <= {f"http://{hosts[0]}", f"https://{hosts[0]}"}
    )


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
