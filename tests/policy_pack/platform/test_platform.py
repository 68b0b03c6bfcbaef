"""The platform under the policy pack: its violations in dev and prod, and those of changes of it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policy_pack.aurora_policies.pack.catalogue import (
    PROFILES,
    Profile,
    catalogue,
    policy_configuration,
)
from tests.components.aurora_data_platform.test_backups import FULL_PLAN, OTHER_ACCOUNT
from tools.repository import read_yaml
from tools.testing.mutations import (
    MUTATIONS,
    compliant,
    controls,
    mutated,
    violations,
    with_every_control,
)
from tools.testing.policies import Analyzer, Declared, analyze_prod, platform

HERE = Path(__file__).parent
FINDINGS: dict[str, Any] = read_yaml(HERE / "findings.yaml")


def listed(*parts: str) -> dict[str, set[str]]:
    """Stacks by control, of parts of the data file of findings."""
    return {
        control: set(row["stacks"]) for part in parts for control, row in FINDINGS[part].items()
    }


def found(profile: Profile, resources: Iterable[Declared]) -> set[str]:
    """Controls with a finding, including those that the profile disables."""
    return controls(with_every_control(profile).analyze(resources))


@pytest.mark.parametrize("profile", PROFILES)
def test_the_platform_violates_what_is_listed_and_nothing_else(profile: Profile) -> None:
    rows = listed("known_gaps", "accepted")
    expected = {control for control, stacks in rows.items() if profile in stacks}
    assert found(profile, platform(profile)) == expected


@pytest.mark.parametrize("profile", PROFILES)
def test_only_known_gaps_stop_a_deployment(profile: Profile) -> None:
    found = Analyzer(profile).analyze(platform(profile))
    stopping = controls(each for each in found if each.level == "mandatory")
    assert stopping == {
        control for control, stacks in listed("known_gaps").items() if profile in stacks
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_a_first_preview_finds_the_same_where_every_reference_is_unknown(profile: Profile) -> None:
    assert found(profile, map(as_previewed, platform(profile))) == found(profile, platform(profile))


@pytest.mark.parametrize(
    ("changes", "added"),
    [
        ({"copyTo": ""}, set[tuple[str, str]]()),
        ({}, {("aurora-backup-policy", "iam-no-wildcards")}),
        ({"copyTo": OTHER_ACCOUNT}, {("aurora-key", "no-foreign-access")}),
    ],
    ids=["no copies", "another region", "another account"],
)
def test_a_backup_plan_satisfies_its_control_and_violates_only_what_copies_need(
    changes: dict[str, str], added: set[tuple[str, str]]
) -> None:
    """docs/runbooks/backups.md says how to accept the copies."""
    plan = {key: value for key, value in (FULL_PLAN | changes).items() if value}
    if "copyTo" not in plan:
        del plan["copyRetentionDays"]
    analyzer = with_every_control("prod")
    before = {(each.urn, each.control) for each in analyzer.analyze(platform("prod"))}
    with_plan = {
        (each.urn, each.control)
        for each in with_every_control("prod").analyze(
            platform.__wrapped__("prod", backupPlan=plan)
        )
    }
    new, gone = with_plan - before, before - with_plan
    assert {(urn.rpartition("::")[2], control) for urn, control in new} == added
    assert {control for _, control in gone} == {"rds-cluster-backup-plan"}


def test_a_role_of_the_cluster_needs_an_open_port_and_endpoints_nothing() -> None:
    role = "arn:aws:iam::123456789012:role/prod-s3-import"
    changed = platform.__wrapped__(
        "prod", iamRoles={"s3Import": role}, customEndpoints={"all": {"type": "ANY"}}
    )
    assert found("prod", changed) - found("prod", platform("prod")) == {
        "sg-egress-restricted",
        "unchecked-type",
    }


@pytest.mark.parametrize(
    ("changes", "control", "parameter", "ports", "advice"),
    [
        (
            {"port": 6432},
            *("sg-db-ingress-scoped", "ports", [443, 6432]),
            "rds-cluster-non-default-port",
        ),
        (
            {"secretsManagerConnectivity": "nat"},
            *("sg-egress-restricted", "allowedPublicPorts", [443]),
            "sg-egress-restricted",
        ),
    ],
    ids=["another port", "nat"],
)
def test_a_remedy_names_the_parameter_that_accepts_the_port(
    changes: dict[str, Any], control: str, parameter: str, ports: list[int], advice: str
) -> None:
    resources = platform.__wrapped__("prod", **changes)
    configuration: dict[str, Any] = policy_configuration("prod")

    def stopping() -> set[str]:
        found = Analyzer("prod", configuration=configuration).analyze(resources)
        return controls(each for each in found if each.level == "mandatory")

    assert stopping() == {control}
    configuration[control][parameter] = ports
    assert stopping() == set()
    assert f"`{parameter}`" in catalogue()[advice].remediation


def test_a_first_preview_finds_a_task_role_that_reads_the_master_secret() -> None:
    task = {
        "type": "aws:ecs/taskDefinition:TaskDefinition",
        "properties": {"taskRoleArn": "arn:aws:iam::1:role/prod-trialfinder-ecs-execution-role"},
    }
    resources = mutated({"add": {"task": task}}).values()
    assert found("prod", resources) - found("prod", platform("prod")) == {"db-user-not-master"}
    assert "db-user-not-master" in found("prod", map(as_previewed, resources))


@pytest.mark.parametrize("control_name", ["db-user-not-master", "lambda-master-read-only"])
def test_roles_and_policies_are_recognized_by_names_and_arns_alone(control_name: str) -> None:
    changed = mutated(MUTATIONS["mutations"][control_name]).values()
    arns = {
        each.urn: f"arn:aws:iam::1:policy/{each.name}"
        for each in changed
        if "/policy:" in each.type
    }
    alone: list[Declared] = []
    for each in changed:
        named = [arns[urn] for urn in each.dependencies.get("policyArn", ()) if urn in arns]
        inputs = {**each.inputs, "policyArn": named[0]} if named else each.inputs
        arn = {"arn": arns[each.urn]} if each.urn in arns else {}
        outputs = {**each.outputs, **arn}
        alone.append(replace(each, dependencies={}, inputs=inputs, outputs=outputs))
    assert control_name in found("prod", alone)


def as_previewed(resource: Declared) -> Declared:
    unknown = {
        path: UNKNOWN_STRING_VALUE for path, urns in resource.dependencies.items() if path and urns
    }
    return replace(resource, inputs={**resource.inputs, **unknown}, outputs={})


@pytest.mark.parametrize("profile", PROFILES)
def test_controls_without_resources_are_listed(profile: Profile) -> None:
    types = {each.type for each in platform(profile)}
    idle = [
        control.name
        for control in catalogue().values()
        if control.resources and not types.intersection(control.resources)
    ]
    assert idle == FINDINGS["nothing_to_judge"]


def test_the_benchmark_measures_the_prod_platform() -> None:
    assert analyze_prod() == Analyzer("prod").analyze(platform("prod"))


def test_the_compliant_platform_has_no_findings_at_all() -> None:
    assert Analyzer("prod").analyze(compliant().values()) == []


@pytest.mark.parametrize("control_name", MUTATIONS["mutations"])
def test_one_change_violates_exactly_the_declared_controls(control_name: str) -> None:
    mutation = MUTATIONS["mutations"][control_name]
    found = violations(Analyzer("prod"), mutated(mutation))
    assert controls(found) == {control_name, *mutation.get("trips", [])}
    levels = {each.level for each in found if each.control == control_name}
    assert levels == {catalogue()[control_name].level("prod")}


@pytest.mark.parametrize("shape", MUTATIONS["other_shapes"])
def test_another_program_for_the_same_platform_has_the_same_result(shape: str) -> None:
    change = MUTATIONS["other_shapes"][shape]
    found = Analyzer("prod").analyze(mutated(change).values())
    assert controls(found) == set(change.get("trips", []))


def test_every_control_has_a_mutation() -> None:
    about_exemptions = {"exemption-used", "exemption-valid"}
    # It compares with a state that is part of a run's configuration.
    about_the_state = {"data-is-kept"}
    others = about_exemptions | about_the_state
    assert MUTATIONS["mutations"].keys() == catalogue().keys() - others
