"""Judgements of the group `reachability`, which depend on where the command runs."""

from operations.checks.facts.reachability import Reachability
from operations.checks.judgement import Judgement, equal
from operations.outputs import StackOutputs


def reachable_tcp(_: StackOutputs, found: Reachability) -> Judgement:
    """A TCP connection can be opened from here."""
    return equal("a connection", found.tcp or "a connection", found.address)


def reachable_tls(_: StackOutputs, found: Reachability) -> Judgement:
    """The server's certificate is that of the endpoint, signed by a trusted authority."""
    return equal("verified TLS", found.tls or "verified TLS", found.address)


def unreachable(_: StackOutputs, found: Reachability) -> Judgement:
    """No TCP connection can be opened from here."""
    state = "no connection" if found.tcp else "a connection"
    return equal("no connection", state, f"{found.address}: {found.tcp or 'accepted'}")
