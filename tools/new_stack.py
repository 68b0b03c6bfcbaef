"""Adds an environment: `python -m tools.new_stack NAME --from STACK`.

It copies the stack file and the policy configuration of another stack, with the new environment's
name in place of the other's and without its encryption, validates the result, and adds the stack to
the workflows that run for every stack.
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from components.aurora_data_platform.errors import ConfigError
from program.config import StackValues, read_config
from rehearsal.project import encrypted_keys, without_encryption
from tools.repository import ROOT

WORKFLOWS = ("pull-request.yml", "drift.yml", "restore-drill.yml")
NAMESPACE = "aurora-data-platform:"
_NAME = re.compile(r"[a-z](-?[a-z0-9]){0,15}")
_MATRIX = re.compile(r"^( +stack: \[)([^]]*)(\])$", re.MULTILINE)


class NewStackError(Exception):
    """The stack cannot be added; nothing was written."""


def add_stack(name: str, source: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new stack, and return them.

    Args:
        name: The new stack, and its environment.
        source: The stack to copy.
        root: The repository.

    Raises:
        NewStackError: A name is invalid or in use, the other stack's file has encrypted values,
            or the configuration would be rejected.
    """
    if not _NAME.fullmatch(name):
        message = f"{name}: 1 to 16 lowercase letters, digits and single hyphens are allowed"
        raise NewStackError(message)
    files = {root / f"Pulumi.{name}.yaml": root / f"Pulumi.{source}.yaml"}
    policies = root / "policy_pack/config"
    files[policies / f"{name}.json"] = policies / f"{source}.json"
    for new, old in files.items():
        if new.exists():
            message = f"{new.relative_to(root)} exists already"
            raise NewStackError(message)
        if not old.exists():
            message = f"{old.relative_to(root)} does not exist"
            raise NewStackError(message)
    stack_file, policy_file = files
    text = without_encryption(files[stack_file].read_text(encoding="utf-8"))
    encrypted = encrypted_keys(yaml.safe_load(text)["config"])
    if encrypted:
        message = (
            f"{files[stack_file].name} has encrypted values, which the key of {name} cannot "
            f"decrypt: {', '.join(encrypted)}. Copy a stack without them"
        )
        raise NewStackError(message)
    configuration = renamed(text, source, name)
    validate(configuration, stack_file.name)
    written = {
        stack_file: configuration,
        policy_file: files[policy_file].read_text(encoding="utf-8"),
    }
    for workflow in WORKFLOWS:
        path = root / ".github/workflows" / workflow
        text = path.read_text(encoding="utf-8")
        written[path] = _MATRIX.sub(rf"\g<1>\g<2>, {name}\g<3>", text)
    for path, text in written.items():
        path.write_text(text, encoding="utf-8")
    return list(written)


def renamed(text: str, source: str, name: str) -> str:
    """Replace a stack's name where it is a whole word of a name, as in `prod-vpc-ue2`."""
    return re.sub(rf"(?<![\w-]){re.escape(source)}(?![\w])", name, text)


def validate(text: str, stack_file: str) -> None:
    """Check a stack file as a preview does, without lookups.

    Raises:
        NewStackError: It would be rejected; the message lists every issue.
    """
    config: dict[str, Any] = yaml.safe_load(text)["config"]
    values = {
        key.removeprefix(NAMESPACE): _as_text(value)
        for key, value in config.items()
        if key.startswith(NAMESPACE)
    }
    region = config.get("aws:region")
    try:
        read_config(StackValues(values, region, stack_file))
    except ConfigError as error:
        raise NewStackError(str(error)) from error


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def main() -> int:
    """Add the stack of the command line, and say what is left to do."""
    parser = argparse.ArgumentParser(prog="python -m tools.new_stack")
    parser.add_argument("name", help="the new stack, and its environment")
    parser.add_argument("--from", dest="source", required=True, help="the stack to copy")
    arguments = parser.parse_args()
    try:
        written = add_stack(arguments.name, arguments.source)
    except NewStackError as error:
        print(f"new-stack: {error}", file=sys.stderr)
        return 2
    for path in written:
        print(f"wrote {path.relative_to(ROOT)}")
    print(next_steps(arguments.name, arguments.source))
    return 0


def next_steps(name: str, source: str) -> str:
    """Return what is left to do for a new stack."""
    return f"""\
Review Pulumi.{name}.yaml: the names of VPC, security groups and roles follow those of {source}.
Then (docs/ci.md, Add a stack):
- Create the stack, and commit the lines that this adds to Pulumi.{name}.yaml:
  pulumi stack init {name} --secrets-provider="awskms://alias/pulumi-state?region=$AWS_REGION"
- Create its roles and environments: .ci/create-roles {name}
- Add a job to .github/workflows/deploy.yml."""


if __name__ == "__main__":
    sys.exit(main())
