"""State that all policies share during one preview or update."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..reading.resources import Resource
from ..reading.values import Value, plain
from .exemptions import Exemptions, read_exemptions


@dataclass
class Run:
    """State of one preview or update.

    Attributes:
        inputs: Inputs of every resource by URN, recorded before the stack is complete.
        resources: All resources of the stack.
        configured_secrets: Values of the stack configuration that are stored as secrets.
    """

    exemptions: Exemptions = field(default_factory=read_exemptions)
    inputs: dict[str, Value] = field(default_factory=dict[str, Value])
    resources: tuple[Resource, ...] = ()
    configured_secrets: frozenset[str] = frozenset()

    def record_configuration(self, values: Mapping[str, str], secret_keys: Iterable[str]) -> None:
        """Record the secret values of a stack configuration; objects contribute all their texts."""
        found: set[str] = set()
        for key in secret_keys:
            found |= _texts(values.get(key, ""))
        self.configured_secrets = frozenset(found)


def _texts(value: str) -> set[str]:
    found = {value} - {""}
    pending: list[Value] = []
    if value.startswith(("{", "[")):
        try:
            pending = [plain(json.loads(value))]
        except (ValueError, RecursionError):
            return found
    while pending:
        match pending.pop():
            case str() as text if text:
                found.add(text)
            case list() as members:
                pending += members
            case dict() as members:
                pending += members.values()
            case _:
                pass
    return found
