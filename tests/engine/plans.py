"""What the engine says that it will do, or has done, as plain data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pulumi.automation import EngineEvent, OpType, Stack, StepEventMetadata

RESOURCES = {"dev": 73, "prod": 89}
"""Resources of a stack: 65 and 81, 7 components, and the stack itself."""


@dataclass(frozen=True)
class Step:
    """One step of a plan that changes something.

    Attributes:
        operation: For example `update` or `replace`.
        changed: Input properties that differ.
        replacing: Those of them that ask for a new resource.
    """

    operation: str
    changed: tuple[str, ...] = ()
    replacing: tuple[str, ...] = ()


class Plan:
    """Collects steps by logical name; give `record` to an operation as `on_event`."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.diagnostics: list[str] = []
        self.errors_by_name: dict[str, str] = {}

    @property
    def record(self) -> Callable[[EngineEvent], None]:
        """The listener."""
        return self._record

    def errors(self) -> list[str]:
        """Errors in the order in which they were told."""
        return [text for text in self.diagnostics if text.startswith("error: ")]

    def _record(self, event: EngineEvent) -> None:
        if event.diagnostic_event:
            told = event.diagnostic_event
            self.diagnostics.append(f"{told.severity}: {told.message.strip()}")
            if told.severity == "error" and told.urn:
                self.errors_by_name[told.urn.rpartition("::")[2]] = told.message
        for told in (event.resource_pre_event, event.res_outputs_event):
            if told and told.metadata.op not in (OpType.SAME, OpType.READ):
                self._add(told.metadata)

    def _add(self, told: StepEventMetadata) -> None:
        name = told.urn.rpartition("::")[2]
        step = Step(told.op.value, tuple(sorted(told.diffs or ())), tuple(sorted(told.keys or ())))
        # A replacement is told in three steps, of which `replace` is the one that says why.
        if self.steps.get(name, step).operation != "replace":
            self.steps[name] = step


def resources_of(stack: Stack) -> list[dict[str, Any]]:
    """What the stack's state holds; secrets are in plain, so never print it."""
    deployment = stack.export_stack().deployment or {}
    return deployment.get("resources") or []
