"""IAM policy documents, given as JSON text or as a mapping."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .conditions import account_of, grantees_of, limits_callers, limits_resources
from .patterns import covers_a_kind, covers_every_resource, has_wildcard, matches
from .values import UNKNOWN, Value, get, is_absent, items, plain, words

LIMITED = "limited to named principals or by a condition with fixed values"
"""Requirement for a statement that allows everyone."""

_WHOLE_ACCOUNT = re.compile(r"[0-9]{12}|arn:[^:]*:iam::[0-9]{12}:root")


@dataclass(frozen=True)
class Statement:
    """A statement of a policy document.

    Attributes:
        body: Elements of the statement by their names in lower case.
    """

    path: str
    body: dict[str, Value]

    def element(self, name: str) -> Value:
        """Return an element such as `Condition`."""
        return self.body.get(name.lower())

    @property
    def allows(self) -> bool:
        """Whether it is known to allow."""
        effect = self.element("Effect")
        return isinstance(effect, str) and effect.lower() == "allow"

    def values(self, name: str) -> list[tuple[str, str]]:
        """Return path and text of every known value of `Action`, `Resource` and the like."""
        value = self.element(name)
        path = f"{self.path}.{name}"
        return [
            (f"{path}[{index}]" if isinstance(value, list) else path, each)
            for index, each in enumerate(items(value))
            if isinstance(each, str)
        ]

    def principals(self, kind: str) -> list[str]:
        """Return the known principals of a kind, such as `AWS` or `Service`."""
        principal = self.element("Principal")
        if not isinstance(principal, dict):
            # A principal without a kind is everyone.
            return words(principal)
        return [
            each
            for key, value in principal.items()
            if key.lower() == kind.lower()
            for each in words(value)
        ]

    @property
    def allows_everyone(self) -> bool:
        """Whether its principal is everyone, directly or as everyone except some."""
        kinds = ("AWS", "Service", "Federated", "CanonicalUser")
        return not is_absent(self.element("NotPrincipal")) or any(
            has_wildcard(each) for kind in kinds for each in self.principals(kind)
        )

    @property
    def limits_callers(self) -> bool:
        """Whether a condition limits, or may limit, the callers to specific ones."""
        return limits_callers(self.element("Condition"))

    @property
    def limits_resources(self) -> bool:
        """Whether a condition limits, or may limit, the resources."""
        return limits_resources(self.element("Condition"))

    @property
    def grantees(self) -> set[str]:
        """Accounts and organizations that it names as principals or in conditions on callers."""
        named = {
            account_of(each) or each
            for kind in ("AWS", "Federated")
            for each in self.principals(kind)
        }
        return {*named, *grantees_of(self.element("Condition"))}

    @property
    def whole_accounts(self) -> list[str]:
        """Principals that stand for every identity of an account."""
        return [each for each in self.principals("AWS") if _WHOLE_ACCOUNT.fullmatch(each)]

    def allowed_actions(self, *actions: str) -> list[str]:
        """Return those of the actions that it names, directly, by a wildcard or by NotAction."""
        patterns = [pattern.lower() for _, pattern in self.values("Action")]
        excluded = [pattern.lower() for _, pattern in self.values("NotAction")]
        return [
            each
            for each in actions
            if any(matches(each.lower(), pattern) for pattern in patterns)
            or (excluded and not any(matches(each.lower(), pattern) for pattern in excluded))
        ]

    def broad_resources(self) -> Iterator[str]:
        """Yield the paths of resources that cover everything, or everything of a kind."""
        for path, value in self.values("Resource"):
            if covers_every_resource(value) or covers_a_kind(value):
                yield path
        if not is_absent(self.element("NotResource")):
            yield f"{self.path}.NotResource"

    @property
    def covers_every_resource(self) -> bool:
        """Whether its resource is everything, or everything except some."""
        return any(covers_every_resource(each) for _, each in self.values("Resource")) or not (
            is_absent(self.element("NotResource"))
        )


def statements(document: Value, path: str) -> Iterator[Statement]:
    """Yield the statements of a document; none of one that is absent, unknown or malformed.

    Args:
        document: JSON text or mapping.
        path: Path of the property that contains it.
    """
    if isinstance(document, str):
        document = _parsed(document)
    found = UNKNOWN
    for key, value in document.items() if isinstance(document, dict) else ():
        if key.lower() == "statement":
            found = value
    for index, body in enumerate(items(found)):
        if isinstance(body, dict):
            elements = {key.lower(): value for key, value in body.items()}
            yield Statement(f"{path}.Statement[{index}]", elements)


def public_principals(document: Value, path: str) -> Iterator[str]:
    """Yield the path of the principal of every statement that allows everyone.

    Args:
        document: JSON text or mapping.
        path: Path of the property that contains it.
    """
    for statement in statements(document, path):
        if statement.allows and statement.allows_everyone and not statement.limits_callers:
            yield f"{statement.path}.Principal"


@cache
def _parsed(document: str) -> Value:
    try:
        return plain(json.loads(document))
    except (ValueError, RecursionError):
        return None


def document_at(properties: Value, path: str) -> Iterator[tuple[str, Value]]:
    """Yield path and document of a property; `inlinePolicies[].policy` yields one per element."""
    listed, bracket, inner = path.partition("[].")
    if not bracket:
        yield path, get(properties, path)
        return
    for index, each in enumerate(items(get(properties, listed))):
        yield f"{listed}[{index}].{inner}", get(each, inner)
