"""Checks of identity-based policies and of their attachments."""

import re
from collections.abc import Iterator

from ...pack.registry import Findings, resource_check
from ...reading import iam_actions
from ...reading.patterns import (
    has_wildcard,
    is_every_action,
    is_every_action_of_a_service,
    matches_any,
)
from ...reading.policy_documents import Statement, document_at, statements
from ...reading.resource_types import ATTACHMENTS, IDENTITY_POLICIES, ROLE
from ...reading.resources import Resource
from ...reading.values import Value, get, is_absent, items, texts

ADMINISTRATOR_POLICIES = ("administratoraccess", "iamfullaccess", "poweruseraccess")
_AWS_MANAGED = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]*)", re.IGNORECASE)


def _allowing(resource: Resource) -> Iterator[Statement]:
    """Yield the statements of an identity-based policy that allow something."""
    for path, document in document_at(resource.properties, IDENTITY_POLICIES[resource.type]):
        yield from (each for each in statements(document, path) if each.allows)


def _attached(resource: Resource) -> Iterator[tuple[str, str]]:
    """Yield path and ARN of every managed policy that is attached."""
    path = ATTACHMENTS[resource.type]
    value = resource[path]
    for index, arn in enumerate(items(value)):
        if isinstance(arn, str):
            yield (f"{path}[{index}]" if isinstance(value, list) else path), arn


@resource_check("iam-no-admin")
def does_not_allow_every_action(resource: Resource) -> Findings:
    """No statement allows every action."""
    for statement in _allowing(resource):
        for path, action in statement.values("Action"):
            if is_every_action(action):
                yield resource.finding(path, "specific actions", "every action")


@resource_check("iam-no-service-wildcard")
def does_not_allow_a_whole_service(resource: Resource) -> Findings:
    """No statement allows every action of a service, or all actions except some."""
    for statement in _allowing(resource):
        for path, action in statement.values("Action"):
            if is_every_action_of_a_service(action):
                yield resource.finding(path, "specific actions", "every action of a service")
        if not is_absent(statement.element("NotAction")):
            yield resource.finding(f"{statement.path}.NotAction", "absent", "set")


@resource_check("iam-no-wildcards")
def has_no_wildcards(resource: Resource) -> Findings:
    """No wildcard is used, except for the listed ones."""
    accepted = resource.parameters.records("allowedWildcards")
    for statement in _allowing(resource):
        actions = items(statement.element("Action"))
        allowed = [str(get(each, "pattern")) for each in accepted if _is_for(each, actions)]
        for key in ("Action", "Resource"):
            for path, value in statement.values(key):
                if has_wildcard(value) and not matches_any(value, allowed):
                    yield resource.finding(path, "without wildcard", "a wildcard")
        if not is_absent(statement.element("NotResource")):
            yield resource.finding(f"{statement.path}.NotResource", "absent", "set")


def _is_for(wildcard: Value, actions: list[Value]) -> bool:
    """Return whether a listed wildcard is, or may be, accepted with these actions."""
    own = {each.lower() for each in texts(get(wildcard, "actions"))}
    return not own or (bool(actions) and {each.lower() for each in texts(actions)} <= own)


@resource_check("iam-no-aws-managed")
def attaches_no_aws_policy(resource: Resource) -> Findings:
    """No policy is attached that AWS can change at any time."""
    allowed = resource.parameters.words("allowedManagedPolicies")
    for path, arn in _attached(resource):
        if _AWS_MANAGED.fullmatch(arn) and arn not in allowed:
            yield resource.finding(path, "a customer managed policy", "an AWS managed policy")


@resource_check("iam-no-admin-managed")
def attaches_no_administrator(resource: Resource) -> Findings:
    """No administrator policy is attached; no list allows one."""
    for path, arn in _attached(resource):
        match = _AWS_MANAGED.fullmatch(arn)
        if match and match[1].lower() in ADMINISTRATOR_POLICIES:
            yield resource.finding(path, "a customer managed policy", "an administrator policy")


@resource_check("iam-no-inline")
def has_no_inline_policy(resource: Resource) -> Findings:
    """No inline policy is used: reviews and policy versions cover managed ones only."""
    if resource.type != ROLE:
        path = IDENTITY_POLICIES[resource.type]
        yield resource.finding(path, "an attached policy", "an inline policy")
    # An empty element tells the provider to remove all inline policies.
    elif not all(map(is_absent, items(resource["inlinePolicies"]))):
        yield resource.finding("inlinePolicies", "absent")


@resource_check("iam-no-decrypt-all")
def decrypts_with_specific_keys(resource: Resource) -> Findings:
    """No statement allows decryption with every key."""
    for statement in _allowing(resource):
        if statement.allowed_actions("kms:Decrypt", "kms:ReEncryptFrom"):
            for path in statement.broad_resources():
                yield resource.finding(path, "specific keys", "every key")


@resource_check("iam-no-dangerous-unconstrained")
def limits_dangerous_actions(resource: Resource) -> Findings:
    """No statement allows a dangerous action on every resource without a condition."""
    harmless = {each.lower() for each in resource.parameters.words("allowedActions")}
    for statement in _allowing(resource):
        is_broad = any(True for _ in statement.broad_resources())
        if not is_broad or statement.limits_resources:
            continue
        for path, action in statement.values("Action"):
            kind = iam_actions.risk_of(action)
            if kind == iam_actions.WRITES and (
                action.lower() in harmless or not statement.covers_every_resource
            ):
                continue
            if kind:
                required = "limited to specific resources or by a condition on the resource"
                yield resource.finding(path, required, f"dangerous ({kind})")


@resource_check("iam-passrole-scoped")
def passes_specific_roles(resource: Resource) -> Findings:
    """No statement allows iam:PassRole on every role."""
    for statement in _allowing(resource):
        if statement.allowed_actions("iam:PassRole"):
            for path in statement.broad_resources():
                yield resource.finding(path, "specific roles", "every role")
