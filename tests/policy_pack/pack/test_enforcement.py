"""Configuration files match the catalogue, and cannot switch off locked controls."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pulumi_policy import policy as sdk

from policy_pack.aurora_policies.pack import enforcement
from policy_pack.aurora_policies.pack.catalogue import (
    PROFILES,
    Profile,
    catalogue,
    policy_configuration,
)
from policy_pack.aurora_policies.pack.environments import is_production
from policy_pack.aurora_policies.pack.exemptions import Exemption, Exemptions
from policy_pack.aurora_policies.pack.run import Run
from tools.testing.policies import Analyzer, Declared

CONFIG = Path(__file__).parents[3] / "policy_pack" / "config"
LOCKED = {
    "rds-cluster-storage-encrypted",
    "rds-cluster-cmk",
    "rds-cluster-deletion-protection",
    "rds-cluster-backup-retention",
}
"""Encryption, deletion protection and retention."""


@pytest.mark.parametrize("profile", PROFILES)
def test_a_configuration_file_matches_the_catalogue(profile: Profile) -> None:
    file = json.loads((CONFIG / f"{profile}.json").read_text(encoding="utf-8"))
    assert file == policy_configuration(profile)


def unsafe(stack: str) -> Declared:
    """A cluster that violates every locked control."""
    type_ = "aws:rds/cluster:Cluster"
    return Declared(type_, "database", f"urn:pulumi:{stack}::cases::{type_}::database", inputs={})


def levels(stack: str, level: str) -> dict[str, str]:
    """Levels of the violations when a configuration sets one level for every policy."""
    every: dict[str, dict[str, Any]] = {
        control.name: {"enforcementLevel": level} for control in catalogue().values()
    }
    found = Analyzer(configuration=every).analyze([unsafe(stack)])
    return {each.control: each.level for each in found}


STACKS = {
    True: (
        *("prod", "production", "Production", "prd", "prod1", "prd-2", "live", "prodeu", "eu-prod"),
        *(
            "prod.eu",
            "eu.prod",
            "app_prod_eu",
            "prod-test",
            "test-prod",
            "main",
            "acme",
            "products",
        ),
        *("preproduct", "latest", "device", "international", "pre", "", "1", "blue"),
    ),
    False: (
        *("dev", "DEV", "dev1", "dev-eu", "app.dev", "development", "test", "test2", "alice-test"),
        *("staging", "stg", "stage", "qa", "uat", "sandbox", "non-prod", "nonprod", "non_prd"),
        *("pre-prod", "preprod", "pre.production", "eu-pre-prod-1", "pr-123", "ci", "feature-x"),
        *("perf", "demo", "training", "integration", "preview"),
    ),
}
"""Names of stacks by whether they count as production."""


def test_a_stack_is_production_unless_its_name_says_otherwise() -> None:
    expected = {name: kind for kind, names in STACKS.items() for name in names}
    assert {name: is_production(name) for name in expected} == expected


@pytest.mark.parametrize("level", ["disabled", "advisory"])
@pytest.mark.parametrize("stack", ["prod", "eu.prod", "acme"])
def test_locked_controls_stay_mandatory_in_production(stack: str, level: str) -> None:
    found = levels(stack, level)
    assert {control: found[control] for control in LOCKED} == dict.fromkeys(LOCKED, "mandatory")
    assert {level for control, level in found.items() if control not in LOCKED} <= {"advisory"}


@pytest.mark.parametrize("stack", ["dev", "pre-prod"])
def test_elsewhere_a_configuration_switches_every_control_off(stack: str) -> None:
    assert levels(stack, "disabled") == {}


def test_a_locked_stack_policy_also_stays_on() -> None:
    expired = Exemption(
        control="rds-cluster-auto-minor",
        resource="urn:pulumi:prod::*",
        reason="no longer true",
        expires=date(2020, 1, 1),
    )
    every = {control.name: {"enforcementLevel": "disabled"} for control in catalogue().values()}
    run = Run(Exemptions([expired]))
    found = Analyzer(configuration=every, run=run).analyze_stack([unsafe("prod")])
    assert [(each.control, each.level) for each in found] == [("exemption-valid", "mandatory")]


def test_without_configuration_the_levels_of_prod_apply() -> None:
    found = Analyzer(configuration={}).analyze([unsafe("cases")])
    assert {each.control: each.level for each in found} == {
        control: catalogue()[control].level("prod") for control in {each.control for each in found}
    }


def test_installing_replaces_the_servicer_that_a_pack_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replaced = vars(sdk)["_PolicyAnalyzerServicer"]
    assert "_get_enforcement_level" in replaced.Analyze.__code__.co_names
    assert "_get_enforcement_level" in replaced.AnalyzeStack.__code__.co_names
    assert "_PolicyAnalyzerServicer" in sdk.PolicyPack.__init__.__code__.co_names
    monkeypatch.setattr(sdk, "_PolicyAnalyzerServicer", replaced)
    run = Run(Exemptions())
    enforcement.install(run)
    installed = vars(sdk)["_PolicyAnalyzerServicer"]
    assert issubclass(installed, enforcement.LockingServicer)
    assert installed.run is run
