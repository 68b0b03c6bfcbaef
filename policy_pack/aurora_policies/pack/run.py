"""State that all policies share during one preview or update."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..reading.values import Value, plain
from .exemptions import Exemptions, read_exemptions


@dataclass
class Run:
    """State of one preview or update.

    Attributes:
        inputs: Inputs of every resource by URN. Stack policies are given outputs, in which AWS has
            filled in what the program left out; they examine the inputs recorded here.
        outputs: Outputs of every resource by URN.
        configured_secrets: Values of the stack configuration that are stored as secrets.
    """

    exemptions: Exemptions = field(default_factory=read_exemptions)
    inputs: dict[str, Value] = field(default_factory=dict[str, Value])
    outputs: dict[str, Value] = field(default_factory=dict[str, Value])
    configured_secrets: frozenset[str] = frozenset()

    def inputs_of(self, urn: str) -> Value:
        """Return what a resource declares; its outputs if no resource policy has seen it."""
        return self.inputs.get(urn, self.outputs[urn])

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
