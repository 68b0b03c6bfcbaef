"""Checks of database users: they log in as themselves, and never as the master user."""

from ...pack.registry import Findings, resource_check, stack_check
from ...pack.role_policies import GrantedPolicy, RolePolicies
from ...pack.stack import Stack
from ...reading.patterns import covers_a_kind, covers_every_resource, has_wildcard, matches_any
from ...reading.policy_documents import Statement, document_at, statements
from ...reading.resource_types import (
    CLUSTER,
    FUNCTION,
    IDENTITY_POLICIES,
    SECRET,
    SECRET_ROTATION,
    TASK_DEFINITION,
)
from ...reading.resources import Resource
from ...reading.values import UNKNOWN, get, is_absent, texts

CONNECT = "rds-db:connect"
READS = ("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue")
WRITES = tuple(
    f"secretsmanager:{action}"
    for action in (
        *("CancelRotateSecret", "CreateSecret", "DeleteResourcePolicy", "DeleteSecret"),
        *("PutResourcePolicy", "PutSecretValue", "ReplicateSecretToRegions", "RestoreSecret"),
        *("RotateSecret", "UpdateSecret", "UpdateSecretVersionStage"),
    )
)
_SUFFIX = "-aaaaaa"
"""Stands for what Secrets Manager adds to the name of a secret in its ARN."""


@resource_check("iam-db-connect-exact")
def connects_as_exact_users(resource: Resource) -> Findings:
    """A policy that allows rds-db:connect names clusters and users without wildcards."""
    required = "the user of a cluster, without wildcard"
    for path, document in document_at(resource.properties, IDENTITY_POLICIES[resource.type]):
        for statement in statements(document, path):
            if not (statement.allows and statement.allowed_actions(CONNECT)):
                continue
            for place, value in statement.values("Resource"):
                if has_wildcard(value):
                    yield resource.finding(place, required, "a wildcard")
            if not is_absent(statement.element("NotResource")):
                yield resource.finding(f"{statement.path}.NotResource", "absent", "set")


@stack_check("db-user-not-master")
def users_are_not_the_master(stack: Stack) -> Findings:
    """No role that logs in to a database can read a master secret or log in as the master user."""
    roles, secrets = RolePolicies(stack), _MasterSecrets(stack)
    tasks = {
        role for each in stack.of_type(TASK_DEFINITION) for role in roles.roles(each, "taskRoleArn")
    }
    masters = {name for each in stack.of_type(CLUSTER) for name in texts(each["masterUsername"])}
    for role, policies in roles.by_role.items():
        connecting = [each for each in policies if _connects(each)]
        for policy in connecting:
            if masters & _users(policy):
                yield policy.through.finding(policy.path, "for other users", "for the master user")
        if connecting or role in tasks:
            for policy in policies:
                if secrets.is_read_with(policy):
                    yield policy.through.finding(
                        policy.path,
                        "attached to other roles than those of database users",
                        "a policy that reads a master secret",
                    )


@stack_check("lambda-master-read-only")
def functions_only_read_the_master_secret(stack: Stack) -> Findings:
    """A function that reads a master secret writes no secrets but those that it rotates."""
    roles, secrets = RolePolicies(stack), _MasterSecrets(stack)
    for function in stack.of_type(FUNCTION):
        policies = [
            each for role in roles.roles(function, "role") for each in roles.by_role.get(role, ())
        ]
        if not any(map(secrets.is_read_with, policies)):
            continue
        rotated = [
            each
            for each in stack.of_type(SECRET_ROTATION)
            if stack.refers(each, "rotationLambdaArn", function)
        ]
        if any(secrets.includes(each, "secretId") for each in rotated):
            continue
        for policy in policies:
            for statement in policy.statements:
                if statement.allowed_actions(*WRITES) and (
                    not rotated or secrets.are_covered_by(statement)
                ):
                    place = f"{statement.path}.Action"
                    yield policy.policy.finding(place, "limited to reading", "a write of secrets")


class _MasterSecrets:
    """The secrets of master users, recognized by their names.

    Args:
        stack: The stack; parameter `masterSecrets` has patterns of names.
    """

    def __init__(self, stack: Stack) -> None:
        self._patterns = [each.lower() for each in stack.parameters.words("masterSecrets")]
        secrets = stack.of_type(SECRET)
        own = [each for each in secrets if self._is_master(_name(each))]
        self._urns = {each.urn for each in own}
        self._possible = self._urns | {each.urn for each in secrets if each["name"] is UNKNOWN}
        self._arns = {arn for each in own for arn in texts(get(each.outputs, "arn"))}
        self._names = {_name(each) for each in own}

    def is_read_with(self, policy: GrantedPolicy) -> bool:
        """Return whether a policy allows reading one of them.

        An unknown document does if it is made from the ARN of one.
        """
        path = IDENTITY_POLICIES[policy.policy.type].partition("[")[0]
        sources = policy.policy.property_dependencies.get(path, frozenset())
        return (policy.is_unknown and bool(sources & self._urns)) or any(
            each.allowed_actions(*READS) and self.are_covered_by(each) for each in policy.statements
        )

    def are_covered_by(self, statement: Statement) -> bool:
        """Return whether a statement applies to one of them."""
        return not is_absent(statement.element("NotResource")) or any(
            self._is_covered_by(value) for _, value in statement.values("Resource")
        )

    def includes(self, resource: Resource, path: str) -> bool:
        """Return whether a property names, or may name, one of them."""
        urns = resource.property_dependencies.get(path, frozenset())
        if urns:
            return bool(urns & self._possible)
        value = resource[path]
        return value is UNKNOWN or any(self._is_covered_by(each) for each in texts(value))

    def _is_covered_by(self, arn: str) -> bool:
        name = arn.partition(":secret:")[2] or arn
        return (
            arn in self._arns
            or covers_every_resource(arn)
            or covers_a_kind(arn)
            or self._is_master(name)
            or any(matches_any(each + end, [name]) for each in self._names for end in ("", _SUFFIX))
        )

    def _is_master(self, name: str) -> bool:
        return bool(name) and matches_any(name.lower(), self._patterns)


def _name(secret: Resource) -> str:
    return "".join(texts(secret["name"]) or texts(secret["namePrefix"]))


def _connects(policy: GrantedPolicy) -> bool:
    return any(each.allowed_actions(CONNECT) for each in policy.statements)


def _users(policy: GrantedPolicy) -> set[str]:
    """Return the users that a policy names."""
    return {
        value.rpartition("/")[2]
        for each in policy.statements
        if each.allowed_actions(CONNECT)
        for _, value in each.values("Resource")
    }
