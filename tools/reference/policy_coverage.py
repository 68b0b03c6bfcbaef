"""Writes `docs/policy-coverage.md`: which public rules the pack implies and the platform meets.

What the platform violates is data that a test compares with what the policies find, so that this
page needs no run of the platform.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Control, Profile, catalogue
from policy_pack.aurora_policies.pack.rule_sets import RuleSet, rule_sets
from tools.repository import ROOT

FINDINGS = ROOT / "tests/policy_pack/platform/findings.yaml"
COVERED = (
    *("fsbp", "security-hub", "cdk-nag", "checkov", "trivy", "control-tower", "pulumi"),
    "awsguard",
)
"""Rule sets whose coverage is claimed; the others are known by name only, in the tags."""

NOTICE = "<!-- Written by `make docs` from the catalogue of the policy pack; do not edit. -->\n"

Table: TypeAlias = list[str]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    stacks: tuple[Profile, ...]
    reason: str


class _RuleRow(_Row):
    rule: str
    satisfied: bool


class Findings(BaseModel):
    """What the policies find in the platform, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    known_gaps: dict[str, _Row]
    accepted: dict[str, _Row]
    rules: tuple[_RuleRow, ...]
    nothing_to_judge: tuple[str, ...]

    def reason(self, control_name: str, profile: Profile) -> str | None:
        """Why a profile violates a control; None when it does not."""
        row = (self.known_gaps | self.accepted).get(control_name)
        return row.reason if row is not None and profile in row.stacks else None


@cache
def findings() -> Findings:
    """The data file of findings."""
    return Findings.model_validate(yaml.safe_load(FINDINGS.read_text(encoding="utf-8")))


class Verdict(Enum):
    """How a profile stands to a rule."""

    SATISFIED = "yes"
    IDLE = "nothing to judge"
    MISSED = "no"


@dataclass(frozen=True)
class Judgement:
    """Verdict and, if it is a miss, the reason."""

    verdict: Verdict
    reason: str = ""


def implying(framework: str, rule: str) -> list[Control]:
    """Controls that imply a public rule."""
    return [each for each in catalogue().values() if rule in each.rules.get(framework, ())]


def judge(framework: str, rule: str, profile: Profile) -> Judgement:
    """How a profile stands to a rule: by its own row, else by the controls that imply it."""
    for row in findings().rules:
        if row.rule == f"{framework}:{rule}" and profile in row.stacks:
            verdict = Verdict.SATISFIED if row.satisfied else Verdict.MISSED
            return Judgement(verdict, row.reason)
    controls = implying(framework, rule)
    reasons = [findings().reason(each.name, profile) for each in controls]
    told = sorted({reason for reason in reasons if reason})
    if told:
        return Judgement(Verdict.MISSED, "; ".join(told))
    if all(each.name in findings().nothing_to_judge for each in controls):
        return Judgement(Verdict.IDLE)
    return Judgement(Verdict.SATISFIED)


def implemented(framework: str) -> list[str]:
    """Rules of a rule set that can be decided before deployment and that a control implies."""
    return [rule for rule in rule_sets()[framework].decidable if implying(framework, rule)]


def count(framework: str, profile: Profile) -> dict[Verdict, int]:
    """How many of the decidable rules of a rule set a profile stands to in each way."""
    rules = rule_sets()[framework].decidable
    found = [judge(framework, rule, profile).verdict for rule in rules]
    return {verdict: found.count(verdict) for verdict in Verdict}


_INTRODUCTION = f"""\
# Coverage of public rule sets

{NOTICE}
A rule is *implemented* when a tested policy implies it, and *met* when the platform's dev or prod \
stack passes that policy: the one says what the pack can see, the other what it sees. Only rules \
about the resource types of this platform are counted, and of those only the ones that can be \
decided before anything is deployed. Where the platform does not have the resources yet, there is \
nothing to judge.

Implemented means that a compliant, a violating, an absent and an unknown case of the policy are \
tested; it does not mean that the rule's own tool was run. checkov was: \
[policy-checkov.md](policy-checkov.md) compares its verdicts. The controls are described in \
[policies.md](policies.md).
"""


def coverage_page() -> str:
    """The whole page."""
    lines = [_INTRODUCTION, *_summary()]
    for framework in COVERED:
        lines += _section(framework, rule_sets()[framework])
    others = [row for name, row in rule_sets().items() if name not in COVERED]
    lines += ["## Known by name", ""]
    lines += [
        "The policies' tags also name the rules of these sets. The names were matched by their "
        "meaning; coverage is not claimed.",
        "",
        *(f"- [{each.title}]({each.source}), {len(each.all_rules)} rules" for each in others),
    ]
    return "\n".join(lines) + "\n"


def _summary() -> Table:
    table = [
        "| rule set | version | decidable | implemented | stack | met | nothing to judge "
        "| missed |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for framework in COVERED:
        row = rule_sets()[framework]
        for profile in PROFILES:
            counted = count(framework, profile)
            numbers = " | ".join(str(counted[verdict]) for verdict in Verdict)
            table.append(
                f"| [{row.title}]({row.source}) | {row.version} | {len(row.decidable)} "
                f"| {len(implemented(framework))} | {profile} | {numbers} |"
            )
    return [*table, ""]


def _section(framework: str, rule_set: RuleSet) -> Table:
    lines = [f"## {rule_set.title}", "", *_missed(framework, rule_set)]
    lines += ["| rule | controls | dev | prod |", "|---|---|---|---|"]
    for rule in rule_set.decidable:
        verdicts = " | ".join(judge(framework, rule, each).verdict.value for each in PROFILES)
        lines.append(f"| {rule} | {_ids(framework, rule)} | {verdicts} |")
    runtime = rule_set.rules.get("runtime", ())
    if runtime:
        lines += ["", "About the state of the account, so not decidable before deployment:", ""]
        for rule in runtime:
            ids = _ids(framework, rule)
            lines.append(f"- {rule}" + (f", prevented by {ids}" if ids else ""))
    return [*lines, ""]


def _missed(framework: str, rule_set: RuleSet) -> Table:
    rows: list[str] = []
    for rule in rule_set.decidable:
        judged = {profile: judge(framework, rule, profile) for profile in PROFILES}
        missed = {
            profile: each for profile, each in judged.items() if each.verdict is Verdict.MISSED
        }
        reasons = sorted({each.reason for each in missed.values()})
        rows += [f"| {rule} | {' and '.join(missed)} | {'; '.join(reasons)} |"] if missed else []
    if not rows:
        return ["No rule is missed.", ""]
    return ["| missed rule | by | reason |", "|---|---|---|", *rows, ""]


def _ids(framework: str, rule: str) -> str:
    return ", ".join(each.name for each in implying(framework, rule))
