"""Runs the engine's previews, and attributes their steps to settings."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from tools.repository import read_yaml
from tools.settings_impact.attribution import Effect, batches, effects_of, overlap

CHANGES = Path(__file__).with_name("changes.yaml")


class PlannedStep(Protocol):
    """A step of a plan."""

    @property
    def operation(self) -> str:
        """For example `update`."""
        ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Inputs that differ, `tags.Team` inside a map."""
        ...

    @property
    def replacing(self) -> tuple[str, ...]:
        """Input properties that require a replacement."""
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
    apart: tuple[str, ...] = ()
    note: str = ""

    def configuration(self, key: str) -> dict[str, Any]:
        """Return the configuration values that make the change."""
        return {key: self.value, **self.needs}


class UnattributedError(Exception):
    """Changes that are made together do something else than each by itself."""


@cache
def changes() -> Mapping[str, Change]:
    """Return the changes by configuration key."""
    rows = read_yaml(CHANGES)
    return {
        key: Change(
            row["value"],
            row.get("with", {}),
            alone=row.get("alone", False),
            apart=tuple(row.get("apart", ())),
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
        UnattributedError: Changes that are previewed together interact.
    """
    tried = {key: change for key, change in changes().items() if change.value is not None}
    found: dict[str, dict[str, Step]] = {}
    for key, change in tried.items():
        if change.alone:
            steps = preview(change.configuration(key))
            found[key] = {name: _whole(step) for name, step in steps.items()}
    others = {key: change.configuration(key) for key, change in tried.items() if not change.alone}
    effects = effects_of(platform, others)
    pairs = {frozenset({key, other}) for key, change in tried.items() for other in change.apart}
    groups = {key: group for group in batches(effects, platform, pairs) for key in group[:1]}
    merged: dict[str, dict[str, Any]] = {key: {} for key in groups}
    for first, group in groups.items():
        for key in group:
            merged[first] |= others[key]
    together = effects_of(platform, merged)
    for first, group in groups.items():
        require_independence(group, effects, together[first])
        steps = preview(merged[first])
        found |= {key: {} for key in group}
        for name, step in steps.items():
            for key, part in attributed(name, step, {key: effects[key] for key in group}).items():
                found[key][name] = part
    return found


def require_independence(
    group: Sequence[str], effects: Mapping[str, frozenset[Effect]], together: frozenset[Effect]
) -> None:
    """Require that settings have the same effects together as one by one.

    Args:
        group: The settings.
        effects: Effects by setting.
        together: Effects of all changes at once.

    Raises:
        UnattributedError: They have other effects.
    """
    one_by_one = frozenset[Effect]().union(*(effects[key] for key in group))
    if together != one_by_one:
        message = f"{', '.join(group)} interact: {sorted(together ^ one_by_one)}"
        raise UnattributedError(message)


def _whole(step: PlannedStep) -> Step:
    return Step(step.operation, _properties(step.paths))


def _properties(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({path.partition(".")[0] for path in paths}))


def attributed(
    name: str, step: PlannedStep, effects: Mapping[str, frozenset[Effect]]
) -> dict[str, Step]:
    """Return the part of a step that each setting causes.

    Args:
        name: Logical name of the step's resource.
        step: The step.
        effects: Effects of the settings that were changed together.

    Raises:
        UnattributedError: A changed input is not among the effects.
    """
    if not step.paths:
        causes = [key for key, reached in effects.items() if (name, "") in reached]
        return _all_explained(name, step, dict.fromkeys(causes, _whole(step)), ())
    parts: dict[str, Step] = {}
    explained: set[str] = set()
    for key, reached in effects.items():
        own = {path for path in step.paths if any(overlap((name, path), each) for each in reached)}
        if own:
            properties = _properties(own)
            replaces = not step.replacing or set(properties) & set(_properties(step.replacing))
            parts[key] = Step(step.operation if replaces else "update", properties)
            explained |= own
    return _all_explained(name, step, parts, explained)


def _all_explained(
    name: str, step: PlannedStep, parts: dict[str, Step], explained: Collection[str]
) -> dict[str, Step]:
    unexplained = [path for path in step.paths if path not in explained]
    if not parts or unexplained:
        message = f"{name}: {step.operation} of {', '.join(unexplained)}"
        raise UnattributedError(message)
    return parts
