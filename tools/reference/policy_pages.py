"""Writes `docs/policies.md`, every control of the policy pack, and its configuration files."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from policy_pack.aurora_policies.catalogue import (
    PROFILES,
    Control,
    Profile,
    catalogue,
    policy_configuration,
)
from tools.reference.policy_coverage import NOTICE, Findings, coverage_page, findings
from tools.repository import ROOT

_SERVICES = {
    "R": "Aurora clusters",
    "I": "Aurora instances and subnets",
    "P": "Cluster parameter groups",
    "E": "Event subscriptions",
    "S": "Secrets",
    "K": "Encryption keys",
    "N": "Security groups",
    "A": "IAM",
    "L": "Functions",
    "W": "Logs and alarms",
    "T": "Topics",
    "G": "Tags",
    "X": "Pulumi options",
    "Z": "Exemptions",
}
"""Titles by the first letter of a control's identifier, in the order of the page."""

_INTRODUCTION = """\
# Policies

{notice}
`policy_pack/` holds {count} controls and {about} about exemptions from them. It judges any Pulumi \
program on its inputs, before anything is created, and knows nothing of this one:

```shell
pulumi preview --policy-pack policy_pack --policy-pack-config policy_pack/config/prod.json
```

- **Levels.** A mandatory violation stops a deployment, an advisory one is told. A stack that is \
neither dev nor prod takes one of the two configuration files or has its own.
- **Locked controls** ({locked}) cannot be exempted from. On a stack whose name says `prod` or \
`production`, no configuration lowers them below their level there.
- **Stack policies** judge relations between resources. Pulumi runs them at a preview, and in an \
update only after the resources were created: run the preview first.
- **Unknown values.** What a preview cannot know is never a violation. An absent property is \
judged as AWS's default.
- **Secrets.** A policy cannot tell which values are secret, so a violation quotes booleans, \
numbers and words of AWS's vocabulary, never free text.
- **Exemptions** stand in `policy_pack/exemptions.yaml`: control, URN (`*` for anything), reason \
and last day. Those in use are told; one that expired or that nothing needs is a violation.

Which public rules the controls imply, and which of them the platform meets: \
[policy-coverage.md](policy-coverage.md).
"""


def policies_page() -> str:
    """The page of all controls."""
    controls = catalogue().values()
    about = [each for each in controls if each.id.startswith("Z")]
    lines = [
        _INTRODUCTION.format(
            notice=NOTICE,
            count=len(controls) - len(about),
            about=len(about),
            locked=", ".join(each.id for each in controls if each.locked),
        ),
        *_platform(findings()),
    ]
    for letter, title in _SERVICES.items():
        members = [each for each in controls if each.id.startswith(letter)]
        lines += [
            f"## {title}",
            "",
            "| id | control | dev | prod | severity |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| [{each.id}](#{each.id.lower()}) | {each.title} | {each.levels.dev} "
            f"| {each.levels.prod} | {each.severity} |"
            for each in members
        ]
        lines += ["", *(line for each in members for line in _control(each))]
    return "\n".join(lines).rstrip() + "\n"


def configuration_file(profile: Profile) -> str:
    """`policy_pack/config/<profile>.json`."""
    return json.dumps(policy_configuration(profile), indent=2) + "\n"


POLICY_FILES: dict[Path, Callable[[], str]] = {
    ROOT / "docs/policies.md": policies_page,
    ROOT / "docs/policy-coverage.md": coverage_page,
    **{
        ROOT / f"policy_pack/config/{profile}.json": partial(configuration_file, profile)
        for profile in PROFILES
    },
}
"""Generated files about the policy pack and what writes each."""


def _platform(found: Findings) -> list[str]:
    lines = ["## What the platform violates today", "", "| control | stacks | level | reason |"]
    lines.append("|---|---|---|---|")
    for control_id, row in (found.known_gaps | found.accepted).items():
        control = catalogue()[control_id]
        levels = {control.level(profile) for profile in row.stacks}
        lines.append(
            f"| [{control_id}](#{control_id.lower()}) | {', '.join(row.stacks)} "
            f"| {', '.join(sorted(levels))} | {row.reason} |"
        )
    idle = ", ".join(f"[{each}](#{each.lower()})" for each in found.nothing_to_judge)
    return [*lines, "", f"Nothing to judge yet, for want of such resources: {idle}.", ""]


def _control(control: Control) -> list[str]:
    lines = [
        f"### {control.id}",
        "",
        f"**{control.title}** (`{control.name}`, {control.scope} policy)",
        "",
        f"- Condition: {control.condition}.",
        f"- Remedy: {control.remediation}.",
    ]
    if control.resources:
        lines.append(f"- Resources: {', '.join(f'`{each}`' for each in control.resources)}")
    for name, parameter in control.parameters.items():
        values = ", ".join(
            f"{profile} `{json.dumps(parameter.value(profile))}`" for profile in PROFILES
        )
        lines.append(f"- Parameter `{name}`: {parameter.description}; {values}")
    if control.rules:
        rules = "; ".join(f"{name} {', '.join(ids)}" for name, ids in control.rules.items())
        lines.append(f"- Implies: {rules}")
    else:
        lines.append("- Implies: no public rule; it is a requirement of this platform")
    if control.note:
        lines.append(f"- Note: {control.note}.")
    return [*lines, f"- Why: <{control.link}>", ""]
