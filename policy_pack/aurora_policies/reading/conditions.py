"""Conditions of policy statements: what they limit, and which accounts and organizations they name.

Condition keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .addresses import are_public
from .patterns import (
    covers_a_kind,
    covers_every_resource,
    has_wildcard,
    is_everything,
    matches_any,
)
from .values import UNKNOWN, Value, items, words

_HOLDS_WITHOUT_KEY = re.compile("not|ifexists|null|forallvalues", re.IGNORECASE)
"""Operators that also hold for a request without the key."""
_RESOURCE_KEYS = (
    *("aws:resourcetag/*", "*:resourcetag/*", "aws:requesttag/*"),
    *("iam:passedtoservice", "iam:associatedresourcearn", "iam:policyarn"),
    *("iam:permissionsboundary", "kms:viaservice", "kms:encryptioncontext*", "kms:resourcealiases"),
    *("ec2:vpc", "ec2:subnet", "ec2:authorizedservice", "ec2:networkinterfaceid"),
    *("secretsmanager:name", "secretsmanager:secretid", "secretsmanager:resource/*"),
    *("lambda:functionarn", "lambda:vpcids", "rds:*-tag/*", "logs:logname*"),
)
"""Keys that limit the resources of an identity policy, in lower case."""


@dataclass(frozen=True)
class ConditionTest:
    """One operator, key and its values in a condition.

    Attributes:
        key: The condition key in lower case.
        values: Known values; numbers as text.
        is_known: Whether all values are known.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    is_known: bool

    @property
    def is_required(self) -> bool:
        """Whether the request must have the key."""
        return _HOLDS_WITHOUT_KEY.search(self.operator) is None


def tests_of(condition: Value) -> Iterator[ConditionTest]:
    """Yield the tests of a condition; parts that are unknown or malformed yield none."""
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        for key, value in keys.items() if isinstance(keys, dict) else ():
            elements = items(value)
            yield ConditionTest(operator, key.lower(), tuple(words(value)), UNKNOWN not in elements)


def may_hold_unknown(condition: Value) -> bool:
    """Return whether a condition has an unknown part that may limit anything."""
    if not isinstance(condition, dict):
        return condition is UNKNOWN
    return UNKNOWN in condition.values()


def account_of(arn: str) -> str:
    """Return the account field of an ARN; empty if there is none."""
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 and parts[0] == "arn" else ""


def _are_accounts(values: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"[0-9]{12}", each) for each in values)


def _are_arns(values: tuple[str, ...]) -> bool:
    # The ARN of a bucket has no account; it is unique without one.
    return all(
        _are_accounts((account,)) if (account := account_of(each)) else not has_wildcard(each)
        for each in values
    )


def _are_organizations(values: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"o-[a-z0-9]+", each) for each in values)


def _are_paths(values: tuple[str, ...]) -> bool:
    return all(re.match(r"o-[a-z0-9]+/", each) for each in values)


def _are_exact(values: tuple[str, ...]) -> bool:
    return not any(has_wildcard(each) or "${" in each or not each for each in values)


def _are_private(values: tuple[str, ...]) -> bool:
    return not are_public(values)


_CALLER_KEYS: dict[str, Callable[[tuple[str, ...]], bool]] = {
    **dict.fromkeys(
        (
            *("aws:sourceaccount", "aws:sourceowner", "aws:principalaccount", "kms:calleraccount"),
            "aws:vpceaccount",
        ),
        _are_accounts,
    ),
    **dict.fromkeys(("aws:sourcearn", "aws:principalarn"), _are_arns),
    **dict.fromkeys(("aws:sourceorgid", "aws:principalorgid", "aws:vpceorgid"), _are_organizations),
    **dict.fromkeys(
        ("aws:sourceorgpaths", "aws:principalorgpaths", "aws:vpceorgpaths"), _are_paths
    ),
    **dict.fromkeys(("aws:sourcevpc", "aws:sourcevpce"), _are_exact),
    **dict.fromkeys(("aws:sourceip", "aws:vpcsourceip"), _are_private),
}
"""Keys that limit the callers of a resource policy, and whether their values do."""


def limits_callers(condition: Value) -> bool:
    """Return whether a condition limits, or may limit, the callers to specific ones."""
    return may_hold_unknown(condition) or any(
        test.is_required
        and test.key in _CALLER_KEYS
        and (not test.is_known or (bool(test.values) and _CALLER_KEYS[test.key](test.values)))
        for test in tests_of(condition)
    )


def limits_identities(condition: Value) -> bool:
    """Return whether a condition limits, or may limit, the callers to specific identities."""
    return may_hold_unknown(condition) or any(
        test.is_required
        and test.key == "aws:principalarn"
        and (not test.is_known or (bool(test.values) and not any(map(_is_broad, test.values))))
        for test in tests_of(condition)
    )


def _is_broad(arn: str) -> bool:
    return covers_every_resource(arn) or covers_a_kind(arn)


def limits_resources(condition: Value) -> bool:
    """Return whether a condition of an identity policy limits, or may limit, the resources."""
    return may_hold_unknown(condition) or any(
        test.is_required
        and matches_any(test.key, _RESOURCE_KEYS)
        and (not test.is_known or (bool(test.values) and not any(map(is_everything, test.values))))
        for test in tests_of(condition)
    )


def limits_subject(condition: Value, *, audience: bool) -> bool:
    """Return whether a condition limits, or may limit, the subject of a federated identity.

    Args:
        condition: Condition of a trust policy.
        audience: Whether the audience is specific enough, as it is for Cognito identity pools.
    """
    names = (":sub", ":aud") if audience else (":sub",)
    return may_hold_unknown(condition) or any(
        test.is_required
        and test.key.endswith(names)
        and (not test.is_known or (bool(test.values) and all(map(_is_subject, test.values))))
        for test in tests_of(condition)
    )


def _is_subject(value: str) -> bool:
    # Of a subject such as repo:OWNER/NAME:ref:..., anything up to the owner has to be fixed.
    return not has_wildcard(value.partition("/")[0])


def grantees_of(condition: Value) -> Iterator[str]:
    """Yield the accounts and organizations to which a condition limits the callers."""
    for test in tests_of(condition):
        if not test.is_required or test.key not in _CALLER_KEYS:
            continue
        for value in test.values:
            if _CALLER_KEYS[test.key] is _are_arns:
                yield account_of(value)
            elif _CALLER_KEYS[test.key] in (_are_accounts, _are_organizations, _are_paths):
                yield value.partition("/")[0]
