"""The prod platform, amended to comply with every control, and changes of it.

The data is `tests/policy_pack/platform/mutations.yaml`: `set` changes properties (null removes
one), `add` adds resources, `without` removes them, `unprotected` removes Pulumi's protection.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from policy_pack.aurora_policies.pack.catalogue import Profile, policy_configuration
from tools.repository import ROOT, read_yaml
from tools.testing.policies import Analyzer, Declared, Violation, platform
from tools.testing.policy_cases import urn_of

MUTATIONS: dict[str, Any] = read_yaml(ROOT / "tests/policy_pack/platform/mutations.yaml")


def compliant() -> dict[str, Declared]:
    """Return the prod platform, amended so that it complies with every control."""
    return dict(_compliant())


@cache
def _compliant() -> Mapping[str, Declared]:
    resources = {each.name: each for each in platform("prod")}
    for name, properties in MUTATIONS["amendments"].items():
        resources[name] = resources[name].changed(**properties).detached(properties)
    return resources | {
        name: added(name, row, resources) for name, row in MUTATIONS["companions"].items()
    }


def added(name: str, row: Mapping[str, Any], resources: Mapping[str, Declared]) -> Declared:
    """Return an additional resource, whose `depends` names others by property."""
    tags = {"tags": resources["aurora-cluster"].inputs["tags"]} if row.get("tagged") else {}
    return Declared(
        type=row["type"],
        name=name,
        urn=urn_of(row["type"], name),
        inputs=row.get("properties", {}) | tags,
        dependencies={
            path: tuple(resources[other].urn for other in others)
            for path, others in row.get("depends", {}).items()
        },
    )


def mutated(mutation: Mapping[str, Any]) -> dict[str, Declared]:
    """Return the compliant platform after a change."""
    resources = compliant()
    for name, properties in mutation.get("set", {}).items():
        resources[name] = resources[name].changed(**properties).detached(properties)
    for name, row in mutation.get("add", {}).items():
        resources[name] = added(name, row, resources)
    for name in mutation.get("unprotected", []):
        resources[name] = replace(resources[name], protect=False)
    return {
        name: each for name, each in resources.items() if name not in mutation.get("without", [])
    }


def violations(subject: Analyzer, after: Mapping[str, Declared]) -> list[Violation]:
    """Return the violations of a changed platform.

    Resource policies run on the changed resources only, since the others are compliant.
    """
    before = compliant()
    new = [each for name, each in after.items() if each != before.get(name)]
    found = [each for resource in new for each in subject.analyze_resource(resource)]
    return found + subject.analyze_stack(after.values())


def with_every_control(profile: Profile) -> Analyzer:
    """Return the pack of a profile, including the controls that the profile disables."""
    configuration = {
        name: row | {"enforcementLevel": "advisory"}
        for name, row in policy_configuration(profile).items()
    }
    return Analyzer(profile, configuration=configuration)


def controls(found: Iterable[Violation]) -> set[str]:
    """Return the names of the violated controls."""
    return {each.control for each in found}
