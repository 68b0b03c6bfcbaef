"""Isolation of emulated deployments from the user's logins, accounts and proxies."""

import os
from collections.abc import MutableMapping

__all__ = [
    "DUMMY_CREDENTIAL",
    "DUMMY_CREDENTIALS",
    "LOOPBACK_HOSTS",
    "NO_PROXY_VARIABLES",
    "NO_USER_FILES",
    "USER_SETTINGS",
    "emulated_aws",
    "exempt_loopback_from_proxies",
    "scrub_environment",
]

USER_SETTINGS = ("AWS_", "BOTO", "PULUMI_")
"""Prefixes of environment variables that name the user's own logins and accounts."""

NO_USER_FILES = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Variables that keep AWS's libraries from reading `~/.aws` and the machine's role."""

DUMMY_CREDENTIAL = "emulator"
"""Access key and secret key, which the emulated AWS does not check."""

DUMMY_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": DUMMY_CREDENTIAL,
    "AWS_SECRET_ACCESS_KEY": DUMMY_CREDENTIAL,
}
"""Variables with credentials that are valid in no account."""

LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
NO_PROXY_VARIABLES = ("no_proxy", "NO_PROXY")
NO_GRPC_PROXY = "no_grpc_proxy"
"""If set, gRPC reads it instead of `no_proxy`."""


def emulated_aws(url: str) -> dict[str, str]:
    """Return the variables with which AWS's libraries reach only the emulated AWS.

    The credentials are valid in no account: a request that left this machine would be rejected.

    Args:
        url: URL of the emulated AWS.
    """
    return {**NO_USER_FILES, **DUMMY_CREDENTIALS, "AWS_ENDPOINT_URL": url}


def scrub_environment(environment: MutableMapping[str, str]) -> None:
    """Remove the user's settings from an environment, including the paths of `~/.aws`."""
    for name in [name for name in environment if name.startswith(USER_SETTINGS)]:
        del environment[name]
    environment.update(NO_USER_FILES)
    exempt_loopback_from_proxies(environment)


def exempt_loopback_from_proxies(environment: MutableMapping[str, str]) -> None:
    """Add the loopback hosts to every variable that lists hosts reached without a proxy.

    The engine and its plugins connect to each other over gRPC, whose Python library otherwise uses
    `http_proxy` even for 127.0.0.1.
    """
    listed = [
        host.strip()
        for name in NO_PROXY_VARIABLES
        for host in environment.get(name, "").split(",")
        if host.strip()
    ]
    merged = ",".join(dict.fromkeys((*listed, *LOOPBACK_HOSTS)))
    environment.update(dict.fromkeys(NO_PROXY_VARIABLES, merged))
    if environment.get(NO_GRPC_PROXY):
        own = [host.strip() for host in environment[NO_GRPC_PROXY].split(",")]
        environment[NO_GRPC_PROXY] = ",".join(dict.fromkeys((*own, *LOOPBACK_HOSTS)))
