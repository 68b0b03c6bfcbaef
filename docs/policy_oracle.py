"""Writes `docs/policy-oracle.md`: the pack's verdicts beside those of checkov.

`make oracle` runs checkov and records what it said; this page, and the tests of what is recorded,
need no run of it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict

from policy_pack.aurora_policies.catalogue import catalogue

FRAMEWORK = "checkov"
_FOLDER = Path(__file__).parents[1] / "tests/oracle"
RESULT = _FOLDER / "result.json"
DIFFERENCES = _FOLDER / "differences.yaml"

Judge: TypeAlias = Literal["checkov", "pack"]
Situations: TypeAlias = tuple[str, ...]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Verdicts(_Data):
    """Who objects to a check where.

    Attributes:
        checkov: Names of the resources that fail the check, by situation.
        pack: Situations in which a control that implies the check is violated.
    """

    checkov: dict[str, tuple[str, ...]]
    pack: Situations

    @property
    def both(self) -> list[str]:
        """Situations in which both object."""
        return [each for each in self.checkov if each in self.pack]

    def only(self, judge: Judge) -> list[str]:
        """Situations in which one objects and the other does not."""
        if judge == "pack":
            return [each for each in self.pack if each not in self.checkov]
        return [each for each in self.checkov if each not in self.pack]

    def without(self, resource: str) -> "Verdicts":
        """As if checkov had not objected to a resource."""
        left = {
            situation: tuple(each for each in names if each != resource)
            for situation, names in self.checkov.items()
        }
        checkov = {situation: names for situation, names in left.items() if names}
        return self.model_copy(update={"checkov": checkov})


class Result(_Data):
    """What a run of `make oracle` found.

    Attributes:
        version: checkov's.
        situations: Platforms that were judged.
        verdicts: By check.
    """

    version: str
    situations: Situations
    verdicts: dict[str, Verdicts]


class Difference(_Data):
    """An intended difference between the two.

    Attributes:
        check: Identifier of the check.
        objects: The one of the two that objects.
        situations: Where one objects and the other does not.
        resource: Instead: the resource to which checkov objects everywhere; by the others the two
            are still compared.
        reason: Why it is intended.
    """

    check: str
    objects: Judge
    situations: Situations = ()
    resource: str = ""
    reason: str


@cache
def result() -> Result:
    """The recorded run."""
    return Result.model_validate_json(RESULT.read_text(encoding="utf-8"))


@cache
def differences() -> tuple[Difference, ...]:
    """The intended differences."""
    rows = yaml.safe_load(DIFFERENCES.read_text(encoding="utf-8"))
    return tuple(map(Difference.model_validate, rows))


@cache
def mapped_checks() -> Mapping[str, tuple[str, ...]]:
    """Identifiers of the controls that imply each check."""
    found: dict[str, list[str]] = {}
    for control in catalogue().values():
        for check in control.rules.get(FRAMEWORK, ()):
            found.setdefault(check, []).append(control.id)
    return {check: tuple(ids) for check, ids in sorted(found.items())}


def compared(run: Result, rows: Iterable[Difference]) -> dict[str, Verdicts]:
    """Verdicts by check, without the resources that are listed as different everywhere."""
    found = dict(run.verdicts)
    for row in rows:
        if row.resource and row.check in found:
            found[row.check] = found[row.check].without(row.resource)
    return found


_INTRODUCTION = """\
# Policies beside checkov

<!-- Written by `make oracle` and `make docs` from `tests/oracle/`; do not edit. -->

The catalogue says which checks of [checkov](https://github.com/bridgecrewio/checkov) a control
implies. Here checkov itself was asked: `make oracle` writes the platform's resources as a
Terraform plan, has checkov {version} judge it, and compares its verdict on every implied check with
that of the controls that imply it. The platform is judged as it is in dev and prod; made compliant
with every control; after one change per control (named like the control); after one change per
check that none of those violates (named like the check); and as another program would declare it.

| | |
|---|---|
| checks | {checks} |
| situations | {situations} |
| verdicts compared | {total} |
| both object | {both} |
| neither objects | {neither} |
| only the pack objects | {pack} |
| only checkov objects | {checkov} |
| checks to which both object at least once | {shown} |

Every difference is listed with its reason in `tests/oracle/differences.yaml`; another one, or one
that is gone, fails the command. What a property takes from another resource is unknown in the plan,
as before a first deployment. What is not set is absent from it, where Terraform would write null.
"""


def oracle_page() -> str:
    """The whole page."""
    run = result()
    found = compared(run, differences())
    counted = {
        "both": sum(len(each.both) for each in found.values()),
        "pack": sum(len(each.only("pack")) for each in found.values()),
        "checkov": sum(len(each.only("checkov")) for each in found.values()),
    }
    total = len(found) * len(run.situations)
    lines = [
        _INTRODUCTION.format(
            version=run.version,
            checks=len(found),
            situations=len(run.situations),
            total=total,
            neither=total - sum(counted.values()),
            shown=sum(bool(each.both) for each in found.values()),
            **counted,
        ),
        *("## Intended differences", ""),
        *("| check | controls | only objects | where | reason |", "|---|---|---|---|---|"),
    ]
    lines += [
        f"| {row.check} | {_ids(row.check)} | {'the pack' if row.objects == 'pack' else FRAMEWORK} "
        f"| {row.resource or ', '.join(row.situations)} | {row.reason} |"
        for row in differences()
    ]
    lines += ["", "## Where both object", "", "| check | controls | situations |", "|---|---|---|"]
    lines += [
        f"| {check} | {_ids(check)} | {', '.join(verdicts.both)} |"
        for check, verdicts in found.items()
    ]
    return "\n".join(lines) + "\n"


def _ids(check: str) -> str:
    return ", ".join(mapped_checks().get(check, ()))
