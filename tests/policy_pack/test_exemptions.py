"""Exemptions apply until their date, are told of, and are violations once idle or expired."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from policy_pack.aurora_policies.catalogue import catalogue
from policy_pack.aurora_policies.exemptions import Exemption, Exemptions, read_exemptions
from policy_pack.aurora_policies.policies import policies
from tools.testing.policies import Analyzer, Declared

TODAY = date(2030, 6, 15)
CLUSTER = "urn:pulumi:prod::cases::aws:rds/cluster:Cluster::database"
RESOURCE = Declared(
    type="aws:rds/cluster:Cluster",
    name="database",
    urn=CLUSTER,
    inputs={"autoMinorVersionUpgrade": False},
)
CONTROLS = ("R19", "Z01", "Z02")
LTS = "an LTS minor version takes no automatic upgrades"


def analyze(*exemptions: Exemption) -> list[str]:
    """What is said of R19 and of exemptions about a cluster that violates R19."""
    pack = policies(Exemptions(exemptions, TODAY))
    names = {catalogue()[each].name for each in CONTROLS}
    configuration = {name: {"enforcementLevel": "mandatory"} for name in names}
    subject = Analyzer(
        configuration=configuration, pack=[each for each in pack if each.name in names]
    )
    return [each.text.split(". ")[0] for each in subject.analyze([RESOURCE])]


def exemption(
    control: str = "R19", resource: str = CLUSTER, expires: date = TODAY, reason: str = LTS
) -> Exemption:
    return Exemption(control=control, resource=resource, reason=reason, expires=expires)


VIOLATION = "[R19] database: autoMinorVersionUpgrade is false, must be true"
USED = f"[Z01] database: exemption from R19 is in use ({LTS}), must be gone after 2030-06-15"


def test_without_exemption_there_is_a_violation() -> None:
    assert analyze() == [VIOLATION]


@pytest.mark.parametrize(
    "resource", [CLUSTER, "urn:pulumi:prod::cases::*:Cluster::database", "urn:pulumi:*::*"]
)
def test_an_exemption_applies_on_its_last_day_and_is_told_of(resource: str) -> None:
    assert analyze(exemption(resource=resource)) == [USED]


def test_an_expired_exemption_does_not_apply_and_is_a_violation() -> None:
    assert analyze(exemption(expires=date(2030, 6, 14))) == [
        VIOLATION,
        f"[Z02] exemptions.yaml: exemption of {CLUSTER} from R19 is expired, must be renewed or"
        " removed since 2030-06-14",
    ]


@pytest.mark.parametrize(
    ("control", "resource"),
    [("R20", CLUSTER), ("R19", CLUSTER.replace("database", "other"))],
    ids=["another control", "another resource"],
)
def test_an_exemption_that_nothing_needs_is_a_violation(control: str, resource: str) -> None:
    assert analyze(exemption(control, resource)) == [
        VIOLATION,
        f"[Z02] exemptions.yaml: exemption of {resource} from {control} is not needed,"
        " must be removed",
    ]


def test_an_exemption_for_another_stack_is_not_idle() -> None:
    assert analyze(exemption(resource=CLUSTER.replace(":prod:", ":dev:"))) == [VIOLATION]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"control": "R01"}, "R01 is locked: no resource is exempt from it"),
        ({"control": "R99"}, "R99 is no control of the catalogue"),
        ({"resource": "*"}, "String should match pattern '^urn:pulumi:.+::'"),
        ({"reason": "because"}, "String should have at least 10 characters"),
    ],
)
def test_an_exemption_that_may_not_be_stops_the_pack(row: dict[str, str], message: str) -> None:
    valid = {"control": "R19", "resource": CLUSTER, "reason": LTS, "expires": "2030-06-15"}
    with pytest.raises(ValidationError, match=message.replace("^", r"\^").replace(".+", r"\.\+")):
        Exemption.model_validate(valid | row)


def test_exemptions_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "exemptions.yaml"
    path.write_text(
        f'- {{control: R19, resource: "{CLUSTER}", reason: {LTS}, expires: 2030-06-15}}'
    )
    assert read_exemptions(path).entries == (exemption(),)


def test_the_pack_has_no_exemptions_yet() -> None:
    assert read_exemptions().entries == ()


def test_the_day_of_a_run_is_today() -> None:
    run = Exemptions()
    assert run.has_expired(exemption(expires=date(2020, 1, 1)))
    assert not run.has_expired(exemption(expires=date.max))
