"""IAM's policy simulator for roles: their own policies, without context keys for conditions."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from moto.iam.models import IAMBackend, Role

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

ALLOWED, DENIED, NOT_ALLOWED = "allowed", "explicitDeny", "implicitDeny"


@dataclass(frozen=True)
class _Statement:
    """One statement of a policy document, with its texts as lists."""

    content: dict[str, Any]

    @property
    def denies(self) -> bool:
        return self.content["Effect"] == "Deny"

    @property
    def condition_keys(self) -> list[str]:
        operators: dict[str, dict[str, object]] = self.content.get("Condition", {})
        return [key for keys in operators.values() for key in keys]

    def matches(self, action: str, resource: str) -> bool:
        return self._covers("Action", action.lower()) and self._covers("Resource", resource)

    def _covers(self, member: str, value: str) -> bool:
        negated = f"Not{member}"
        patterns = _texts(self.content.get(member, self.content.get(negated, [])))
        lowered = [each.lower() if member == "Action" else each for each in patterns]
        return any(_like(each, value) for each in lowered) is (negated not in self.content)


@patch_operations(
    "iam:SimulatePrincipalPolicy",
    moto_behaviour="not implemented",
    aws="evaluates the policies of a role: an explicit deny wins, and a statement whose condition "
    "keys are not in the request does not match",
    source="IAM API reference, SimulatePrincipalPolicy; IAM user guide, Policy evaluation logic",
    test="iam/test_simulation::test_a_role_is_allowed_what_its_policies_allow",
)
def simulate_principal_policy(call: Call, proceed: Proceed) -> Answer:
    """Evaluate each action on each resource; a permissions boundary must allow it too."""
    del proceed
    role = _role(call.iam, call.params["PolicySourceArn"])
    own = list(_statements(call.iam, role))
    boundary = _boundary(call.iam, role)
    return answer(
        {
            "EvaluationResults": [
                _result(own, boundary, action, resource)
                for action in call.params["ActionNames"]
                for resource in call.params.get("ResourceArns") or ["*"]
            ],
            "IsTruncated": False,
        }
    )


def _result(
    own: list[_Statement], boundary: list[_Statement] | None, action: str, resource: str
) -> dict[str, Any]:
    decision = _decision(own, action, resource)
    if decision == ALLOWED and boundary is not None:
        decision = _decision(boundary, action, resource)
    matching = [each for each in own if each.matches(action, resource)]
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MatchedStatements": [],
        "MissingContextValues": sorted({key for each in matching for key in each.condition_keys}),
    }


def _decision(statements: list[_Statement], action: str, resource: str) -> str:
    matching = [
        each for each in statements if each.matches(action, resource) and not each.condition_keys
    ]
    if any(each.denies for each in matching):
        return DENIED
    return ALLOWED if matching else NOT_ALLOWED


def _role(iam: IAMBackend, arn: str) -> Role:
    found = [role for role in iam.roles.values() if role.arn == arn]
    if not found:
        reject("NoSuchEntity", f"The entity {arn} cannot be found.")
    return found[0]


def _statements(iam: IAMBackend, role: Role) -> Iterable[_Statement]:
    for arn in role.managed_policies:
        yield from _parsed(_document(iam, arn))
    for document in role.policies.values():
        yield from _parsed(document)


def _boundary(iam: IAMBackend, role: Role) -> list[_Statement] | None:
    arn = role.permissions_boundary_arn
    return list(_parsed(_document(iam, arn))) if arn else None


def _document(iam: IAMBackend, arn: str) -> str:
    policy = iam.managed_policies[arn]
    version = policy.default_version_id
    return str(next(each.document for each in policy.versions if each.version_id == version))


def _parsed(document: str) -> list[_Statement]:
    listed: Any = json.loads(document)["Statement"]
    return [_Statement(each) for each in (listed if isinstance(listed, list) else [listed])]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _texts(value: object) -> list[str]:
    return cast("list[str]", value) if isinstance(value, list) else [str(value)]


def _like(pattern: str, value: str) -> bool:
    """Match IAM's wildcards: `*` is any text, `?` any character."""
    parts = (re.escape(part).replace(r"\?", ".") for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), value, re.DOTALL) is not None
