"""Controls of topics."""

from ...pack.registry import Findings, property_check, resource_check
from ...reading.policy_documents import NARROWED, statements
from ...reading.resources import Resource
from ...reading.values import is_customer_managed_key, is_set

property_check("sns-encrypted", "kmsMasterKeyId", is_set, "set")
property_check(
    "sns-cmk",
    "kmsMasterKeyId",
    # That there is a key at all is sns-encrypted.
    lambda value: not is_set(value) or is_customer_managed_key(value),
    "a customer managed key",
)


@resource_check("sns-policy-not-public")
def topic_policy_is_not_public(resource: Resource) -> Findings:
    """The policy of a topic names its callers and what they act for."""
    for statement in statements(resource["policy"], "policy"):
        if not statement.allows:
            continue
        path = f"{statement.path}.Principal"
        if statement.names_everyone:
            if not statement.narrows_callers:
                yield resource.finding(path, NARROWED, "everyone")
        elif statement.principals("AWS") and not statement.is_conditional:
            yield resource.finding(path, "a service, or limited by a condition", "an identity")
