"""Which resources' inputs a change of a setting reaches, according to the program under mocks."""

from collections.abc import Mapping
from typing import Any

from tools.testing.programs import run_program
from tools.testing.recorder import Recording

Effect = tuple[str, str]
"""Logical name and input property; the property is empty if the resource is created or deleted."""


_ARCHIVED: Mapping[Effect, Effect] = {("setup", "input"): ("setup-function", "code")}
"""The declaration is also a file in the function's archive, whose content mocks do not show."""


def effects_of(base: Mapping[str, Any], change: Mapping[str, Any]) -> frozenset[Effect]:
    """Return what a change of dev's configuration reaches.

    Args:
        base: Configuration values that replace dev's, the platform's name among them.
        change: Values that replace these.
    """
    return _difference(_run(base, {}), _run(base, change))


def _run(base: Mapping[str, Any], change: Mapping[str, Any]) -> Recording:
    cluster = f"dev-{base['platformName']}-cluster-ue2"
    deployed = {"aws:rds/getClusters:getClusters": {"clusterIdentifiers": [cluster]}}
    return run_program("dev", answers=deployed, **{**base, **change})


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
