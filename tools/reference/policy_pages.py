"""Generator of `docs/policies.md` and of the policy configuration files."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from policy_pack.aurora_policies.pack.catalogue import (
    PROFILES,
    Control,
    Profile,
    catalogue,
    policy_configuration,
    subjects,
)
from tools.reference.policy_coverage import NOTICE, Findings, coverage_page, findings
from tools.repository import ROOT

_MAX_TYPES = 8
"""Maximum number of types that a control lists on the page."""

_INTRODUCTION = """\
# Policies

{notice}
`policy_pack/` is a CrossGuard policy pack with {count} controls. It checks the resources that a \
Pulumi program declares, works for any program, and imports nothing of this one:

```shell
pulumi preview --policy-pack policy_pack --policy-pack-config policy_pack/config/prod.json
```

- **Levels.** A mandatory violation stops the deployment; an advisory violation is only reported. \
A stack other than dev and prod uses one of the two configuration files or its own.
- **Production.** A stack counts as production unless a word of its name says otherwise, such as \
dev, test, staging, nonprod or sandbox (`policy_pack/aurora_policies/pack/environments.py`).
- **Locked controls** ({locked}) allow no exemptions, and on a production stack no configuration \
can lower their level.
- **Resource policies and stack policies.** A resource policy checks one resource before it is \
created or changed. A stack policy checks relations between resources. During a preview it runs \
before anything is created, but during an update only after all resources have been changed: \
always preview first.
- **Unknown values.** A value that is unknown during the preview is never a violation. Resource \
policies check it during the update, before that resource is created; stack policies check it \
only afterwards. An absent property is checked as AWS's default.
- **Secrets.** A policy cannot see which values are secret. Therefore violations contain booleans, \
numbers and words defined by AWS, but never free text. To accept passwords from the configuration, \
the pack compares them with the secrets of the stack configuration, which Pulumi passes to every \
policy pack.
- **Accounts.** The pack finds the account of the stack in the ARNs of its resources, or, before \
the first deployment, in the policies that they declare. Other accounts and organizations must be \
listed in the policy configuration of `no-foreign-access`.
- **Exemptions** are listed in `policy_pack/exemptions.yaml` with the control, the URN (`*` \
matches any text), a reason and the last day. Exemptions in use are reported. An exemption that \
has expired or is not needed is a violation.

Limits: `pulumi policy analyze` also checks resources that the program only reads (`get`), since \
it cannot tell them from the others. `pulumi policy publish` does not work from this repository, \
because the pack shares its virtual environment `.venv`; to publish the pack, copy the folder, add \
a `requirements.txt` with pulumi-policy, pydantic and pyyaml, and change `virtualenv` in \
`PulumiPolicy.yaml`.

[verification/policy-coverage.md](verification/policy-coverage.md) lists the public \
rules that the controls implement and that the platform satisfies.
"""


def policies_page() -> str:
    """Return the page with all controls."""
    controls = catalogue().values()
    lines = [
        _INTRODUCTION.format(
            notice=NOTICE,
            count=len(controls),
            locked=", ".join(_link(each.name) for each in controls if each.locked),
        ),
        *_platform(findings()),
    ]
    for subject in subjects():
        lines += [f"## {subject.title}", "", "| control | dev | prod | severity |"]
        lines.append("|---|---|---|---|")
        lines += [
            f"| {_link(each.name)} | {each.levels.dev} | {each.levels.prod} | {each.severity} |"
            for each in subject.controls
        ]
        lines += ["", *(line for each in subject.controls for line in _control(each))]
    return "\n".join(lines).rstrip() + "\n"


def configuration_file(profile: Profile) -> str:
    """Return `policy_pack/config/<profile>.json`."""
    return json.dumps(policy_configuration(profile), indent=2) + "\n"


POLICY_FILES: dict[Path, Callable[[], str]] = {
    ROOT / "docs/policies.md": policies_page,
    ROOT / "docs/verification/policy-coverage.md": coverage_page,
    **{
        ROOT / f"policy_pack/config/{profile}.json": partial(configuration_file, profile)
        for profile in PROFILES
    },
}
"""Generated files of the policy pack, with the function that generates each."""


def _link(name: str) -> str:
    return f"[{name}](#{name})"


def _platform(found: Findings) -> list[str]:
    lines = ["## Controls that the platform violates", "", "| control | stacks | level | reason |"]
    lines.append("|---|---|---|---|")
    for name, row in (found.known_gaps | found.accepted).items():
        levels = {catalogue()[name].level(profile) for profile in row.stacks}
        lines.append(
            f"| {_link(name)} | {', '.join(row.stacks)} "
            f"| {', '.join(sorted(levels))} | {row.reason} |"
        )
    idle = ", ".join(map(_link, found.nothing_to_judge))
    return [*lines, "", f"The platform has no resources to which these apply: {idle}.", ""]


def _resources(control: Control) -> str:
    shown = ", ".join(f"`{each}`" for each in control.resources[:_MAX_TYPES])
    others = len(control.resources) - _MAX_TYPES
    if others <= 0:
        return shown
    return f"{shown} and {others} other types"


def _control(control: Control) -> list[str]:
    lines = [
        f"### {control.name}",
        "",
        f"**{control.title}** ({control.scope} policy)",
        "",
        f"- Condition: {control.condition}.",
        f"- Remedy: {control.remediation}.",
    ]
    if control.setting:
        keys = ", ".join(f"`{key}`" for key in control.setting.split(", "))
        lines.append(f"- Setting in this repository: {keys}")
    if control.resources:
        lines.append(f"- Resources: {_resources(control)}")
    for name, parameter in control.parameters.items():
        values = {profile: f"`{json.dumps(parameter.value(profile))}`" for profile in PROFILES}
        shown = ", ".join(f"{profile} {value}" for profile, value in values.items())
        if len(set(values.values())) == 1:
            shown = f"default {values['prod']}"
        lines.append(f"- Parameter `{name}`: {parameter.description}; {shown}")
    if control.rules:
        rules = "; ".join(f"{name} {', '.join(ids)}" for name, ids in control.rules.items())
        lines.append(f"- Implements: {rules}")
    else:
        lines.append("- Implements: no public rule; it is a requirement of this platform")
    if control.note:
        lines.append(f"- Note: {control.note}.")
    return [*lines, f"- Reference: <{control.link}>", ""]
