"""Checks of SNS topics."""

from ...pack.registry import Findings, property_check, resource_check
from ...reading.policy_documents import LIMITED, public_principals
from ...reading.resources import Resource
from ...reading.values import is_customer_managed_key, is_set

property_check("sns-encrypted", "kmsMasterKeyId", is_set, "set")
property_check(
    "sns-cmk",
    "kmsMasterKeyId",
    # The control sns-encrypted checks that there is a key.
    lambda value: not is_set(value) or is_customer_managed_key(value),
    "a customer managed key",
)


@resource_check("sns-policy-not-public")
def topic_policy_is_not_public(resource: Resource) -> Findings:
    """The policy of a topic limits its callers."""
    for principal in public_principals(resource["policy"], "policy"):
        yield resource.finding(principal, LIMITED, "everyone")
