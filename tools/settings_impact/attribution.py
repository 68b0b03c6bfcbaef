"""Inputs that a changed setting affects, from the program under mocks."""

from collections.abc import Mapping
from typing import Any

from tools.testing.programs import run_program
from tools.testing.recorder import Recording

Effect = tuple[str, str]
"""Logical name and input property; the property is empty if the resource is created or deleted."""


_ARCHIVED: Mapping[Effect, Effect] = {("setup", "input"): ("setup-function", "code")}
"""The declaration is also a file in the function's archive, whose content mocks do not show."""


def effects_of(
    platform: str, changes: Mapping[str, Mapping[str, Any]]
) -> dict[str, frozenset[Effect]]:
    """Return what each change of dev's configuration reaches, by setting.

    Args:
        platform: Name of the platform.
        changes: Configuration values by setting.
    """
    unchanged = _run(platform, {})
    return {key: _difference(unchanged, _run(platform, change)) for key, change in changes.items()}


def _run(platform: str, change: Mapping[str, Any]) -> Recording:
    cluster = f"dev-{platform}-cluster-ue2"
    deployed = {"aws:rds/getClusters:getClusters": {"clusterIdentifiers": [cluster]}}
    configuration: dict[str, Any] = {"platformName": platform, **change}
    return run_program("dev", answers=deployed, **configuration)


def batches(effects: Mapping[str, frozenset[Effect]]) -> list[list[str]]:
    """Divide settings into groups whose effects do not overlap.

    Args:
        effects: Effects by setting.
    """
    groups: list[tuple[list[str], set[Effect]]] = []
    for setting, reached in effects.items():
        for names, taken in groups:
            if not _overlap(reached, taken):
                names.append(setting)
                taken.update(reached)
                break
        else:
            groups.append(([setting], set(reached)))
    return [names for names, _ in groups]


def _overlap(some: frozenset[Effect], others: set[Effect]) -> bool:
    whole = {name for name, path in others if not path}
    names = {name for name, _ in others}
    return any(
        effect in others or effect[0] in whole or (not effect[1] and effect[0] in names)
        for effect in some
    )


def _difference(before: Recording, after: Recording) -> frozenset[Effect]:
    old = {each.name: each.inputs for each in before.resources}
    new = {each.name: each.inputs for each in after.resources}
    found = {(name, "") for name in old.keys() ^ new.keys()}
    for name in old.keys() & new.keys():
        for key in old[name].keys() | new[name].keys():
            if old[name].get(key) != new[name].get(key):
                found.add((name, key))
    platform = next(name for name in new if name.endswith("-cluster")).removesuffix("-cluster")
    for (name, key), (other, property_) in _ARCHIVED.items():
        if (f"{platform}-{name}", key) in found:
            found.add((f"{platform}-{other}", property_))
    return frozenset(found)
