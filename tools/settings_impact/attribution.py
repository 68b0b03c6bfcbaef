"""Inputs that a changed setting affects, from the program under mocks."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from tools.testing.programs import run_program
from tools.testing.recorder import Recording

Effect = tuple[str, str]
"""Logical name and input property, `tags.Team` inside a map; the property is empty if the resource
is created or deleted."""

_WRITTEN_AS_A_WHOLE: frozenset[Effect] = frozenset({("dashboard", "dashboardBody")})
"""Documents that several settings change: whichever does, the resource's step is the same."""
_FOLLOWING: Mapping[Effect, tuple[Effect, ...]] = {
    ("setup", "input"): (("setup-function", "code"), ("setup", "triggers"))
}
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
    answers: dict[str, Any] = {
        "aws:rds/getClusters:getClusters": {"clusterIdentifiers": [cluster]},
        "aws:rds/getEngineVersion:getEngineVersion": _first_version,
    }
    configuration: dict[str, Any] = {"platformName": platform, **change}
    return run_program("dev", answers=answers, **configuration)


def _first_version(asked: Mapping[str, Any]) -> dict[str, str]:
    return {"versionActual": asked["preferredVersions"][0]}


def batches(
    effects: Mapping[str, frozenset[Effect]], platform: str, apart: Collection[frozenset[str]] = ()
) -> list[list[str]]:
    """Divide settings into groups whose effects do not overlap.

    Args:
        effects: Effects by setting.
        platform: Name of the platform, the prefix of logical names.
        apart: Pairs of settings that must not be in the same group.
    """
    shared = {(f"{platform}-{name}", path) for name, path in _WRITTEN_AS_A_WHOLE}
    groups: list[tuple[list[str], set[Effect]]] = []
    for setting, reached in effects.items():
        own = reached - shared
        for names, taken in groups:
            disturbed = any(frozenset({setting, name}) in apart for name in names)
            if not disturbed and not any(overlap(one, other) for one in own for other in taken):
                names.append(setting)
                taken.update(own)
                break
        else:
            groups.append(([setting], set(own)))
    return [names for names, _ in groups]


def overlap(one: Effect, other: Effect) -> bool:
    """Return whether two effects concern the same input, or one of them the whole resource."""
    if one[0] != other[0]:
        return False
    short, long = sorted((one[1], other[1]), key=len)
    return not short or long == short or long.startswith(f"{short}.")


def _difference(before: Recording, after: Recording) -> frozenset[Effect]:
    old, new = _inputs(before), _inputs(after)
    found = {(name, "") for name in old.keys() ^ new.keys()}
    for name in old.keys() & new.keys():
        found |= {(name, path) for path in _changed_paths(old[name], new[name])}
    platform = next(name for name in new if name.endswith("-cluster")).removesuffix("-cluster")
    for (name, key), following in _FOLLOWING.items():
        if (f"{platform}-{name}", key) in found:
            found |= {(f"{platform}-{other}", property_) for other, property_ in following}
    return frozenset(found)


def _inputs(recording: Recording) -> dict[str, dict[str, Any]]:
    """Return the inputs of every resource, without those whose changes the engine ignores."""
    return {
        each.name: {
            key: value
            for key, value in each.inputs.items()
            if key not in (recording.options[each.name].ignore_changes or ())
        }
        for each in recording.resources
    }


def _changed_paths(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in old.keys() | new.keys():
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            maps = cast("tuple[dict[str, Any], dict[str, Any]]", (before, after))
            yield from (f"{key}.{path}" for path in _changed_paths(*maps))
        elif before != after:
            yield key
