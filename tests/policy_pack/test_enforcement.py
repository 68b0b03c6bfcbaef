"""Configuration files say what the catalogue says, and cannot switch off what is locked."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pulumi_policy import policy as sdk

from policy_pack.aurora_policies import enforcement
from policy_pack.aurora_policies.catalogue import PROFILES, Profile, catalogue, policy_configuration
from policy_pack.aurora_policies.exemptions import Exemption, Exemptions
from policy_pack.aurora_policies.policies import policies
from tools.testing.policies import Analyzer, Declared

CONFIG = Path(__file__).parents[2] / "policy_pack" / "config"
LOCKED = {"R01", "R02", "R03", "R04"}
"""Encryption, deletion protection and retention."""


@pytest.mark.parametrize("profile", PROFILES)
def test_a_configuration_file_is_what_the_catalogue_says(profile: Profile) -> None:
    file = json.loads((CONFIG / f"{profile}.json").read_text(encoding="utf-8"))
    assert file == policy_configuration(profile)


def unsafe(stack: str) -> Declared:
    """A cluster that violates every locked control."""
    type_ = "aws:rds/cluster:Cluster"
    return Declared(type_, "database", f"urn:pulumi:{stack}::cases::{type_}::database", inputs={})


def levels(stack: str, level: str) -> dict[str, str]:
    """Levels of what is found when a configuration sets one level for every policy."""
    every: dict[str, dict[str, Any]] = {
        control.name: {"enforcementLevel": level} for control in catalogue().values()
    }
    found = Analyzer(configuration=every).analyze([unsafe(stack)])
    return {each.control: each.level for each in found}


@pytest.mark.parametrize("level", ["disabled", "advisory"])
@pytest.mark.parametrize("stack", ["prod", "eu-prod", "Production", "prod.eu"])
def test_locked_controls_stay_mandatory_in_production(stack: str, level: str) -> None:
    found = levels(stack, level)
    assert {control: found[control] for control in LOCKED} == dict.fromkeys(LOCKED, "mandatory")
    assert {level for control, level in found.items() if control not in LOCKED} <= {"advisory"}


@pytest.mark.parametrize("stack", ["dev", "preproduct", "products"])
def test_elsewhere_a_configuration_switches_every_control_off(stack: str) -> None:
    assert levels(stack, "disabled") == {}


def test_a_locked_stack_policy_stays_on_as_well() -> None:
    expired = Exemption(
        control="R19",
        resource="urn:pulumi:prod::*",
        reason="no longer true",
        expires=date(2020, 1, 1),
    )
    every = {control.name: {"enforcementLevel": "disabled"} for control in catalogue().values()}
    pack = policies(Exemptions([expired]))
    found = Analyzer(configuration=every, pack=pack).analyze_stack([unsafe("prod")])
    assert [(each.control, each.level) for each in found] == [("Z02", "mandatory")]


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
    enforcement.install()
    assert vars(sdk)["_PolicyAnalyzerServicer"] is enforcement.LockingServicer
