"""Checks of what gives others access to the data of a cluster: snapshots and proxies."""

from ...pack.registry import Findings, resource_check
from ...reading.resources import Resource
from ...reading.values import get, is_one_of, is_true, items


@resource_check("rds-snapshot-not-public")
def snapshot_is_not_public(snapshot: Resource) -> Findings:
    """A snapshot is not shared with every account."""
    for index, account in enumerate(items(snapshot["sharedAccounts"])):
        if isinstance(account, str) and account.lower() == "all":
            yield snapshot.finding(f"sharedAccounts[{index}]", "specific accounts", "everyone")


@resource_check("rds-proxy-secure")
def proxy_requires_tls_and_iam(proxy: Resource) -> Findings:
    """A proxy requires TLS and IAM authentication."""
    if not is_true(proxy["requireTls"]):
        yield proxy.finding("requireTls", "true")
    if is_one_of(proxy["defaultAuthScheme"], {"IAM_AUTH"}):
        return
    for index, auth in enumerate(items(proxy["auths"])):
        if not is_one_of(get(auth, "iamAuth"), {"REQUIRED"}):
            yield proxy.finding(f"auths[{index}].iamAuth", "REQUIRED", "another value or not set")
