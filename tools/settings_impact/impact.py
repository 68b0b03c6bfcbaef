"""Runs the engine's previews, and attributes their steps to settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import yaml

from tools.settings_impact.attribution import Effect, batches, effects_of

CHANGES = Path(__file__).with_name("changes.yaml")


class PlannedStep(Protocol):
    """A step of a plan."""

    @property
    def operation(self) -> str:
        """For example `update`."""
        ...

    @property
    def changed(self) -> tuple[str, ...]:
        """Input properties that differ."""
        ...


@dataclass(frozen=True)
class Step:
    """A step, or the part of it that one setting causes.

    Attributes:
        operation: For example `update`.
        changed: Input properties that differ.
    """

    operation: str
    changed: tuple[str, ...]


Preview = Callable[[Mapping[str, Any]], Mapping[str, PlannedStep]]
"""Previews a change of a deployed stack's configuration; returns its steps by logical name."""


@dataclass(frozen=True)
class Change:
    """A valid change of a setting."""

    value: Any
    needs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    alone: bool = False
    note: str = ""

    def configuration(self, key: str) -> dict[str, Any]:
        """Return the configuration values that make the change."""
        return {key: self.value, **self.needs}


class UnattributedError(Exception):
    """A preview has a step that no changed setting explains."""


@cache
def changes() -> Mapping[str, Change]:
    """Return the changes by configuration key."""
    rows = yaml.safe_load(CHANGES.read_text(encoding="utf-8"))
    return {
        key: Change(
            row["value"],
            row.get("with", {}),
            alone=row.get("alone", False),
            note=row.get("note", ""),
        )
        for key, row in rows.items()
    }


def steps_by_setting(platform: str, preview: Preview) -> dict[str, dict[str, Step]]:
    """Preview every change and return its steps.

    Changes that reach different inputs are previewed together.

    Args:
        platform: Name of the deployed platform, which is like dev's otherwise.
        preview: Previews on that stack.

    Raises:
        UnattributedError: A step's inputs are not among those that a change reaches.
    """
    tried = {key: change for key, change in changes().items() if change.value is not None}
    by_itself = [key for key, change in tried.items() if change.alone]
    found: dict[str, dict[str, Step]] = {
        key: {
            name: Step(step.operation, step.changed)
            for name, step in preview(tried[key].configuration(key)).items()
        }
        for key in by_itself
    }
    others = [key for key in tried if key not in by_itself]
    effects = effects_of(platform, {key: tried[key].configuration(key) for key in others})
    # What a change requires would show in the plan of another setting.
    needing = [key for key in effects if tried[key].needs]
    groups = [[key] for key in needing]
    groups += batches({key: effects[key] for key in effects if key not in needing})
    for group in groups:
        merged: dict[str, Any] = {}
        for key in group:
            merged |= tried[key].configuration(key)
        steps = preview(merged)
        found |= _attributed(group, steps, effects)
    return found


def _attributed(
    group: list[str],
    steps: Mapping[str, PlannedStep],
    effects: Mapping[str, frozenset[Effect]],
) -> dict[str, dict[str, Step]]:
    found: dict[str, dict[str, Step]] = {key: {} for key in group}
    for name, step in steps.items():
        reached = {(name, path) for path in step.changed} | {(name, "")}
        # A change that is previewed by itself causes everything, also what mocks do not know.
        causes = {
            key: reached if len(group) == 1 else effects[key] & reached
            for key in group
            if len(group) == 1 or effects[key] & reached
        }
        if not causes:
            message = f"{name}: {step.operation} of {', '.join(step.changed)} in {group}"
            raise UnattributedError(message)
        for key, parts in causes.items():
            changed = sorted(path for _, path in parts if path)
            found[key][name] = Step(step.operation, tuple(changed))
    return found
