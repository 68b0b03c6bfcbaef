"""IAM policy documents, as their JSON text or as the mapping that a program may hand over."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from .values import UNKNOWN, Value, get, is_absent, is_set, items, plain

NARROWED = "limited to named principals or by a fixed condition"
"""What a violation demands of a statement that names everyone."""

_EVERYONE = "*"
_NARROWING_KEYS = frozenset(
    {
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceowner", "aws:sourceorgid"),
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid"),
        *("aws:sourcevpc", "aws:sourcevpce", "aws:sourceip"),
        "kms:calleraccount",
    }
)
"""Condition keys that tell callers apart."""
_HOLDS_WITHOUT_KEY = re.compile("Not|IfExists|Null|ForAllValues", re.IGNORECASE)
"""Operators that let a request through which lacks the key."""
_VARIABLE = re.compile(r"[*?]|\$\{|/0$")
_ACCOUNT = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")
_WHOLE_ACCOUNT = re.compile(r"\d{12}|arn:[^:]*:iam::\d{12}:root")


@dataclass(frozen=True)
class Statement:
    """A statement of a policy document; values stay as they are written."""

    path: str
    body: Value

    @property
    def allows(self) -> bool:
        """Whether it is known to allow."""
        return get(self.body, "Effect") == "Allow"

    def values(self, key: str) -> list[tuple[str, str]]:
        """Path and text of every known value of `Action`, `Resource` and their like."""
        value = get(self.body, key)
        path = f"{self.path}.{key}"
        return [
            (f"{path}[{index}]" if isinstance(value, list) else path, each)
            for index, each in enumerate(items(value))
            if isinstance(each, str)
        ]

    def principals(self, kind: str) -> list[str]:
        """Known principals of a kind, such as `AWS` or `Service`; a lone `*` is one of each."""
        principal = get(self.body, "Principal")
        if principal == _EVERYONE:
            return [_EVERYONE]
        return [each for each in items(get(principal, kind)) if isinstance(each, str)]

    @property
    def names_everyone(self) -> bool:
        """Whether its principal is everyone, directly or as all but some."""
        return _EVERYONE in self.principals("AWS") or not is_absent(get(self.body, "NotPrincipal"))

    @property
    def is_conditional(self) -> bool:
        """Whether it has any condition."""
        return is_set(get(self.body, "Condition"))

    @property
    def narrows_callers(self) -> bool:
        """Whether a condition limits the callers by fixed values, or may do so."""
        return _may_narrow(get(self.body, "Condition"))

    def has_condition_key(self, key: str) -> bool:
        """Whether a condition names a key, or may do so."""
        condition = get(self.body, "Condition")
        if not isinstance(condition, dict):
            return condition is UNKNOWN
        tests = condition.values()
        keys = {name.lower() for test in tests if isinstance(test, dict) for name in test}
        return key in keys or UNKNOWN in tests

    @property
    def accounts(self) -> set[str]:
        """Accounts that its principals belong to."""
        found = (_ACCOUNT.fullmatch(each) for each in self.principals("AWS"))
        return {match[1] for match in found if match}

    @property
    def whole_accounts(self) -> list[str]:
        """Principals that stand for every identity of an account."""
        return [each for each in self.principals("AWS") if _WHOLE_ACCOUNT.fullmatch(each)]

    def names_actions(self, *actions: str) -> list[str]:
        """Those of the actions that it names, also through a wildcard."""
        patterns = [pattern.lower() for _, pattern in self.values("Action")]
        return [each for each in actions if matches_any(each.lower(), patterns)]

    @property
    def covers_every_resource(self) -> bool:
        """Whether its resource is everything."""
        return any(resource == _EVERYONE for _, resource in self.values("Resource"))


def matches_any(text: str, patterns: Collection[str]) -> bool:
    """Whether a text matches a pattern of IAM; brackets mean themselves there."""
    return any(fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)


def statements(document: Value, path: str) -> Iterator[Statement]:
    """Statements of a document; none of one that is absent, unknown or no document.

    Args:
        document: JSON text or mapping.
        path: Path of the property that holds it.
    """
    if isinstance(document, str):
        try:
            document = plain(json.loads(document))
        except (ValueError, RecursionError):
            return
    found = get(document, "Statement")
    for index, body in enumerate(items(found)):
        if isinstance(body, dict):
            yield Statement(f"{path}.Statement[{index}]", body)


def _may_narrow(condition: Value) -> bool:
    if not isinstance(condition, dict):
        return condition is UNKNOWN
    for operator, tests in condition.items():
        if tests is UNKNOWN:
            return True
        if _HOLDS_WITHOUT_KEY.search(operator) or not isinstance(tests, dict):
            continue
        for key, value in tests.items():
            values = items(value)
            if key.lower() in _NARROWING_KEYS and values and all(map(_is_fixed, values)):
                return True
    return False


def _is_fixed(value: Value) -> bool:
    return value is UNKNOWN or (isinstance(value, str) and _VARIABLE.search(value) is None)
