"""Plans and states of the engine as plain data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation import EngineEvent, OpType, Stack, StepEventMetadata

RESOURCES = {"dev": 86, "prod": 102}
"""Resources of a stack: 78 or 94 resources, 7 components and the stack itself."""


@dataclass(frozen=True)
class Step:
    """A step of a plan that changes a resource.

    Attributes:
        operation: For example `update` or `replace`.
        changed: Input properties that differ.
        replacing: Those of them that require a replacement.
        paths: Inputs that differ, `tags.Team` inside a map; without the tags that the provider adds.
            Not compared.
    """

    operation: str
    changed: tuple[str, ...] = ()
    replacing: tuple[str, ...] = ()
    paths: tuple[str, ...] = field(default=(), compare=False)


class Plan:
    """Steps of an operation by logical name; pass `record` to it as `on_event`."""

    def __init__(self) -> None:
        self.steps: dict[str, Step] = {}
        self.diagnostics: list[str] = []
        self.errors_by_name: dict[str, str] = {}

    @property
    def record(self) -> Callable[[EngineEvent], None]:
        """Event handler that fills the plan."""
        return self._record

    def errors(self) -> list[str]:
        """Return the errors in the order in which the engine reported them."""
        return [text for text in self.diagnostics if text.startswith("error: ")]

    def _record(self, event: EngineEvent) -> None:
        if event.diagnostic_event:
            diagnostic = event.diagnostic_event
            self.diagnostics.append(f"{diagnostic.severity}: {diagnostic.message.strip()}")
            if diagnostic.severity == "error" and diagnostic.urn:
                self.errors_by_name[diagnostic.urn.rpartition("::")[2]] = diagnostic.message
        for reported in (event.resource_pre_event, event.res_outputs_event):
            if reported and reported.metadata.op not in (OpType.SAME, OpType.READ):
                self._add(reported.metadata)

    def _add(self, metadata: StepEventMetadata) -> None:
        name = metadata.urn.rpartition("::")[2]
        differing, replacing = sorted(metadata.diffs or ()), sorted(metadata.keys or ())
        paths = [path for path in metadata.detailed_diff or () if not path.startswith("tagsAll")]
        step = Step(metadata.op.value, tuple(differing), tuple(replacing), tuple(sorted(paths)))
        # The engine reports a replacement as three steps; only `replace` contains the reason.
        if self.steps.get(name, step).operation != "replace":
            self.steps[name] = step


def resources_of(stack: Stack) -> list[dict[str, Any]]:
    """Return the resources in a stack's state. Secrets are in plain text: never print them."""
    deployment = stack.export_stack().deployment or {}
    return deployment.get("resources") or []
