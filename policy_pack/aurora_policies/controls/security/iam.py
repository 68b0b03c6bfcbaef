"""Controls of IAM policies and roles."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from ...pack.registry import Findings, resource_check
from ...reading import iam_actions
from ...reading.policy_documents import Statement, matches_any, statements
from ...reading.resource_types import ROLE, ROLE_POLICY
from ...reading.resources import Resource
from ...reading.values import Value, get, is_absent, items

ADMINISTRATOR_POLICIES = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
_AWS_MANAGED = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]*)")
_EVERY_KEY = re.compile(r"\*|arn:[^:]*:kms:[^:]*:[^:]*:(key/|alias/)?\*")


def _allowing(resource: Resource) -> Iterator[Statement]:
    """Statements that grant something, of a policy or of a role's inline policies."""
    if resource.type == ROLE:
        documents = [
            (f"inlinePolicies[{index}].policy", get(inline, "policy"))
            for index, inline in enumerate(items(resource["inlinePolicies"]))
        ]
    else:
        documents = [("policy", resource["policy"])]
    for path, document in documents:
        yield from (each for each in statements(document, path) if each.allows)


def _attached(resource: Resource) -> Iterator[tuple[str, str]]:
    """Path and ARN of every managed policy that is attached."""
    if resource.type == ROLE:
        for index, arn in enumerate(items(resource["managedPolicyArns"])):
            if isinstance(arn, str):
                yield f"managedPolicyArns[{index}]", arn
    elif isinstance(arn := resource["policyArn"], str):
        yield "policyArn", arn


@resource_check("iam-no-admin")
def is_no_administrator(resource: Resource) -> Findings:
    """No statement allows everything."""
    for statement in _allowing(resource):
        for path, action in statement.values("Action"):
            if action in ("*", "*:*"):
                yield resource.finding(path, "named actions", "every action")


@resource_check("iam-no-service-wildcard")
def allows_no_whole_service(resource: Resource) -> Findings:
    """No statement allows a service's every action, nor all actions but some."""
    for statement in _allowing(resource):
        for path, action in statement.values("Action"):
            if re.fullmatch(r"[^:*]+:\*", action):
                yield resource.finding(path, "named actions", "every action of a service")
        if not is_absent(get(statement.body, "NotAction")):
            yield resource.finding(f"{statement.path}.NotAction", "absent", "set")


@resource_check("iam-no-wildcards")
def has_no_wildcards(resource: Resource) -> Findings:
    """No wildcard that is not allowed with a reason."""
    accepted = resource.parameters.records("allowedWildcards")
    for statement in _allowing(resource):
        actions = {action for _, action in statement.values("Action")}
        allowed = [str(get(each, "pattern")) for each in accepted if _is_for(each, actions)]
        for key in ("Action", "Resource"):
            for path, value in statement.values(key):
                if "*" in value and not matches_any(value, allowed):
                    yield resource.finding(path, "written out", "a wildcard")
        if not is_absent(get(statement.body, "NotResource")):
            yield resource.finding(f"{statement.path}.NotResource", "absent", "set")


def _is_for(wildcard: Value, actions: AbstractSet[str]) -> bool:
    """Whether a listed wildcard is accepted in a statement of these actions."""
    own = {each for each in items(get(wildcard, "actions")) if isinstance(each, str)}
    return not own or (bool(actions) and actions <= own)


@resource_check("iam-no-aws-managed")
def attaches_no_aws_policy(resource: Resource) -> Findings:
    """AWS may widen its own policies at any time."""
    allowed = resource.parameters.words("allowedManagedPolicies")
    for path, arn in _attached(resource):
        if _AWS_MANAGED.fullmatch(arn) and arn not in allowed:
            yield resource.finding(path, "a customer managed policy", "an AWS managed one")


@resource_check("iam-no-admin-managed")
def attaches_no_administrator(resource: Resource) -> Findings:
    """No allow-list admits these."""
    for path, arn in _attached(resource):
        match = _AWS_MANAGED.fullmatch(arn)
        if match and match[1] in ADMINISTRATOR_POLICIES:
            yield resource.finding(path, "a customer managed policy", match[1])


@resource_check("iam-no-inline")
def has_no_inline_policy(resource: Resource) -> Findings:
    """Inline policies escape the review that managed ones get."""
    if resource.type == ROLE_POLICY:
        yield resource.finding("policy", "an attached policy", "an inline one")
    # An empty element is how a program asks the provider to remove all inline policies.
    elif not all(map(is_absent, items(resource["inlinePolicies"]))):
        yield resource.finding("inlinePolicies", "absent")


@resource_check("iam-trust-scoped")
def trusts_named_services(role: Resource) -> Findings:
    """The trust policy names services, not everyone and not whole accounts."""
    services = role.parameters.words("allowedServices")
    for statement in statements(role["assumeRolePolicy"], "assumeRolePolicy"):
        if not statement.allows:
            continue
        path = f"{statement.path}.Principal"
        if statement.names_everyone:
            yield role.finding(path, "named services or roles", "everyone")
        if statement.whole_accounts:
            yield role.finding(f"{path}.AWS", "named services or roles", "a whole account")
        if any(service not in services for service in statement.principals("Service")):
            yield role.finding(f"{path}.Service", "allowed services", "another service")
        conditional = statement.has_condition_key("aws:sourceaccount")
        if role.parameters.flag("requireSourceAccount") and not conditional:
            required = "on aws:SourceAccount"
            yield role.finding(f"{statement.path}.Condition", required, "another or none")


@resource_check("iam-no-decrypt-all")
def decrypts_with_named_keys(resource: Resource) -> Findings:
    """No decryption with whatever key there is."""
    for statement in _allowing(resource):
        if not statement.names_actions("kms:Decrypt", "kms:ReEncryptFrom"):
            continue
        for path, value in statement.values("Resource"):
            if _EVERY_KEY.fullmatch(value):
                yield resource.finding(path, "named keys", "every key")


@resource_check("iam-no-dangerous-unconstrained")
def limits_dangerous_actions(resource: Resource) -> Findings:
    """Nothing dangerous on every resource without a condition."""
    harmless = resource.parameters.words("allowedActions")
    for statement in _allowing(resource):
        if not statement.covers_every_resource or statement.is_conditional:
            continue
        for path, action in statement.values("Action"):
            kind = iam_actions.danger(action)
            if kind and not (kind == iam_actions.WRITES and action in harmless):
                required = "limited to named resources or by a condition"
                yield resource.finding(path, required, f"dangerous ({kind})")


@resource_check("iam-passrole-scoped")
def passes_named_roles(resource: Resource) -> Findings:
    """No passing of whatever role there is."""
    for statement in _allowing(resource):
        if statement.names_actions("iam:PassRole") and statement.covers_every_resource:
            yield resource.finding(f"{statement.path}.Resource", "named roles", "every role")
