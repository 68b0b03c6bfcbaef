"""Runs of the project's program under mocks."""

import json
import runpy
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi.runtime

from tools.repository import ROOT
from tools.testing.recorder import Recording, record, recorded_once, stack_config

EXAMPLES = {
    path.parent.name: path.parent for path in sorted((ROOT / "examples").glob("*/__main__.py"))
}
"""Folders of the Python examples by name."""
_EXAMPLE_CONFIG = {
    "aws:region": "us-east-2",
    "aurora-data-platform:vpcId": "vpc-1",
    "aurora-data-platform:subnetIds": json.dumps(["subnet-a", "subnet-b"]),
    "aurora-data-platform:kmsKeyId": "alias/data",
}


def run_example(name: str) -> Recording:
    """Run an example program.

    Args:
        name: Its folder in `examples/`.
    """

    def build() -> None:
        pulumi.runtime.set_all_config(_EXAMPLE_CONFIG)
        runpy.run_path(str(EXAMPLES[name] / "__main__.py"), run_name="__main__")

    return record(build)


def run_program(
    stack: str,
    *,
    answers: Mapping[str, Any] | None = None,
    preview: bool = False,
    secret_keys: tuple[str, ...] = (),
    **changes: Any,
) -> Recording:
    """Run `__main__.py` with a stack's file, once for the same configuration without answers.

    Args:
        stack: `dev` or `prod`.
        answers: Results of lookups, see `Recording.answers`.
        preview: True to run as a preview.
        secret_keys: Configuration keys of the project that are stored encrypted.
        changes: Configuration values by key that replace the file's; None removes one.
    """
    options: dict[str, Any] = {"preview": preview, "secret_keys": secret_keys, **changes}
    if answers:
        return run_uncached(stack, answers, **options)
    return _run_once(stack, **options)


def run_uncached(
    stack: str,
    answers: Mapping[str, Any] | None = None,
    *,
    preview: bool = False,
    secret_keys: tuple[str, ...] = (),
    **changes: Any,
) -> Recording:
    """Run the program as `run_program` does, without the cache."""
    exports: dict[str, pulumi.Input[Any]] = {}

    def build() -> Mapping[str, pulumi.Input[Any]]:
        pulumi.runtime.set_all_config(
            stack_config(stack, **changes),
            [f"aurora-data-platform:{key}" for key in secret_keys],
        )
        namespace = runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
        exports.update(namespace["platform"].outputs())
        return exports

    return record(build, answers=answers, preview=preview, stack=stack)


_run_once = recorded_once(run_uncached)
