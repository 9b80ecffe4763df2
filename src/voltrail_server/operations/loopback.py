"""Whether an address is this machine's own."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Return whether an address or the name localhost stands for this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
