"""Generator of `docs/verification/policy-coverage.md`: public rules that pack and platform satisfy.

The platform's violations are a data file, which a test compares with the findings of the policies.
Therefore generating this page does not run the platform.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from policy_pack.aurora_policies.pack.catalogue import PROFILES, Control, Profile, catalogue
from policy_pack.aurora_policies.pack.rule_sets import RuleSet, rule_sets
from tools.repository import ROOT, read_yaml

FINDINGS = ROOT / "tests/policy_pack/platform/findings.yaml"
COVERED = (
    *("fsbp", "security-hub", "cdk-nag", "checkov", "trivy", "control-tower", "pulumi"),
    "awsguard",
)
"""Rule sets whose coverage is claimed; of the others only the names are listed, in the tags."""

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
    """Findings of the policies in the platform, with their reasons."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    known_gaps: dict[str, _Row]
    accepted: dict[str, _Row]
    rules: tuple[_RuleRow, ...]
    nothing_to_judge: tuple[str, ...]

    def reason(self, control_name: str, profile: Profile) -> str | None:
        """Return why a profile violates a control; None if it does not."""
        row = (self.known_gaps | self.accepted).get(control_name)
        return row.reason if row is not None and profile in row.stacks else None


@cache
def findings() -> Findings:
    """Return the data file of findings."""
    return Findings.model_validate(read_yaml(FINDINGS))


class Verdict(Enum):
    """Whether a profile satisfies a rule."""

    SATISFIED = "yes"
    IDLE = "nothing to judge"
    MISSED = "no"


@dataclass(frozen=True)
class Judgement:
    """Verdict, with the reason if the rule is not satisfied."""

    verdict: Verdict
    reason: str = ""


def implying(framework: str, rule: str) -> list[Control]:
    """Return the controls that implement a public rule."""
    return [each for each in catalogue().values() if rule in each.rules.get(framework, ())]


def judgement(framework: str, rule: str, profile: Profile) -> Judgement:
    """Return whether a profile satisfies a rule, by its own row or by the rule's controls."""
    for row in findings().rules:
        if row.rule == f"{framework}:{rule}" and profile in row.stacks:
            verdict = Verdict.SATISFIED if row.satisfied else Verdict.MISSED
            return Judgement(verdict, row.reason)
    controls = implying(framework, rule)
    reasons = [findings().reason(each.name, profile) for each in controls]
    given = sorted({reason for reason in reasons if reason})
    if given:
        return Judgement(Verdict.MISSED, "; ".join(given))
    if all(each.name in findings().nothing_to_judge for each in controls):
        return Judgement(Verdict.IDLE)
    return Judgement(Verdict.SATISFIED)


def implemented(framework: str) -> list[str]:
    """Return the rules that can be decided before deployment and that a control implements."""
    return [rule for rule in rule_sets()[framework].decidable if implying(framework, rule)]


def count(framework: str, profile: Profile) -> dict[Verdict, int]:
    """Return the number of decidable rules of a rule set by verdict."""
    rules = rule_sets()[framework].decidable
    found = [judgement(framework, rule, profile).verdict for rule in rules]
    return {verdict: found.count(verdict) for verdict in Verdict}


_INTRODUCTION = f"""\
# Coverage of public rule sets

{NOTICE}
A rule is *implemented* if a tested policy implies it, and *met* if the platform's dev or prod \
stack passes that policy. Only rules about the resource types of this platform are counted, and of \
those only the ones that can be decided before anything is deployed. *Nothing to judge* means that \
the platform does not have such resources.

Every implementing policy is tested with compliant, violating, absent and unknown values. Of the \
tools that define the rules only checkov was run: [checkov.md](checkov.md) compares \
its verdicts with those of the pack. [policies.md](../policies.md) describes the controls.
"""


def coverage_page() -> str:
    """Return the page."""
    lines = [_INTRODUCTION, *_summary()]
    for framework in COVERED:
        lines += _section(framework, rule_sets()[framework])
    others = [row for name, row in rule_sets().items() if name not in COVERED]
    lines += ["## Named in tags only", ""]
    lines += [
        "The tags of the policies also name rules of these sets. They were matched by their "
        "meaning; no coverage is claimed.",
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
        verdicts = " | ".join(judgement(framework, rule, each).verdict.value for each in PROFILES)
        lines.append(f"| {rule} | {_ids(framework, rule)} | {verdicts} |")
    runtime = rule_set.rules.get("runtime", ())
    if runtime:
        lines += [
            "",
            "About the state of the account, therefore not decidable before deployment:",
            "",
        ]
        for rule in runtime:
            ids = _ids(framework, rule)
            lines.append(f"- {rule}" + (f", prevented by {ids}" if ids else ""))
    return [*lines, ""]


def _missed(framework: str, rule_set: RuleSet) -> Table:
    rows: list[str] = []
    for rule in rule_set.decidable:
        judged = {profile: judgement(framework, rule, profile) for profile in PROFILES}
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
