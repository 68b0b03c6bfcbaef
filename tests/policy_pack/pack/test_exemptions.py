"""Exemptions apply until they expire, are reported, and are violations if expired or unused."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from policy_pack.aurora_policies.pack.exemptions import Exemption, Exemptions, read_exemptions
from policy_pack.aurora_policies.pack.run import Run
from tools.testing.policies import Analyzer, Declared

TODAY = date(2030, 6, 15)
CLUSTER = "urn:pulumi:prod::cases::aws:rds/cluster:Cluster::database"
RESOURCE = Declared(
    type="aws:rds/cluster:Cluster",
    name="database",
    urn=CLUSTER,
    inputs={"autoMinorVersionUpgrade": False},
)
CONTROLS = ("rds-cluster-auto-minor", "exemption-used", "exemption-valid")
LTS = "an LTS minor version requires automatic upgrades to be off"


def analyze(*exemptions: Exemption) -> list[str]:
    """Findings of rds-cluster-auto-minor and of exemptions in a cluster that violates the former."""
    configuration = {name: {"enforcementLevel": "mandatory"} for name in CONTROLS}
    run = Run(Exemptions(exemptions, TODAY))
    subject = Analyzer(configuration=configuration, only=CONTROLS, run=run)
    return [f"[{each.control}] {each.text.split('. ')[0]}" for each in subject.analyze([RESOURCE])]


def exemption(
    control: str = "rds-cluster-auto-minor",
    resource: str = CLUSTER,
    expires: date = TODAY,
    reason: str = LTS,
) -> Exemption:
    return Exemption(control=control, resource=resource, reason=reason, expires=expires)


VIOLATION = "[rds-cluster-auto-minor] database: autoMinorVersionUpgrade is false, must be true"
USED = f"[exemption-used] database: exemption from rds-cluster-auto-minor is in use ({LTS}), must be removed after 2030-06-15"


def test_without_exemption_there_is_a_violation() -> None:
    assert analyze() == [VIOLATION]


@pytest.mark.parametrize(
    "resource", [CLUSTER, "urn:pulumi:prod::cases::*:Cluster::database", "urn:pulumi:*::*"]
)
def test_an_exemption_applies_on_its_last_day_and_is_reported(resource: str) -> None:
    assert analyze(exemption(resource=resource)) == [USED]


def test_an_expired_exemption_does_not_apply_and_is_a_violation() -> None:
    assert analyze(exemption(expires=date(2030, 6, 14))) == [
        f"[exemption-valid] exemptions.yaml: exemption of {CLUSTER} from rds-cluster-auto-minor is expired since 2030-06-14, must be"
        " renewed or removed",
        VIOLATION,
    ]


@pytest.mark.parametrize(
    ("control", "resource"),
    [
        ("rds-cluster-parameter-group", CLUSTER),
        ("rds-cluster-auto-minor", CLUSTER.replace("database", "other")),
    ],
    ids=["another control", "another resource"],
)
def test_an_exemption_that_nothing_needs_is_a_violation(control: str, resource: str) -> None:
    assert analyze(exemption(control, resource)) == [
        f"[exemption-valid] exemptions.yaml: exemption of {resource} from {control} is not needed,"
        " must be removed",
        VIOLATION,
    ]


def test_an_exemption_for_another_stack_is_not_unused() -> None:
    assert analyze(exemption(resource=CLUSTER.replace(":prod:", ":dev:"))) == [VIOLATION]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"control": "rds-cluster-storage-encrypted"},
            "rds-cluster-storage-encrypted is locked: no resource can be exempted from it",
        ),
        ({"control": "none"}, "none is not a control of the catalogue"),
        ({"resource": "*"}, "String should match pattern '^urn:pulumi:.+::'"),
        ({"reason": "because"}, "String should have at least 10 characters"),
    ],
)
def test_an_exemption_that_is_not_allowed_stops_the_pack(row: dict[str, str], message: str) -> None:
    valid = {
        "control": "rds-cluster-auto-minor",
        "resource": CLUSTER,
        "reason": LTS,
        "expires": "2030-06-15",
    }
    with pytest.raises(ValidationError, match=message.replace("^", r"\^").replace(".+", r"\.\+")):
        Exemption.model_validate(valid | row)


def test_exemptions_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "exemptions.yaml"
    path.write_text(
        f'- {{control: rds-cluster-auto-minor, resource: "{CLUSTER}", reason: {LTS}, expires: 2030-06-15}}'
    )
    assert read_exemptions(path).entries == (exemption(),)


def test_the_pack_has_no_exemptions_yet() -> None:
    assert read_exemptions().entries == ()


def test_the_day_of_a_run_is_today() -> None:
    run = Exemptions()
    assert run.has_expired(exemption(expires=date(2020, 1, 1)))
    assert not run.has_expired(exemption(expires=date.max))
