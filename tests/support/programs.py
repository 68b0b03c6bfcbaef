"""The project's own program under mocks."""

import runpy
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi.runtime

from tests.support.recorder import REPOSITORY, Recording, record, stack_config


def run_program(
    stack: str,
    *,
    answers: Mapping[str, Any] | None = None,
    preview: bool = False,
    secret_keys: tuple[str, ...] = (),
    **changes: Any,
) -> Recording:
    """Run `__main__.py` with a stack's own file.

    Args:
        stack: `dev` or `prod`.
        answers: Results of lookups, see `Recording.answers`.
        preview: True to run as a preview.
        secret_keys: Keys of the project that are stored encrypted.
        changes: Configuration values by key that replace the file's; None removes one.
    """
    exports: dict[str, pulumi.Input[Any]] = {}

    def build() -> Mapping[str, pulumi.Input[Any]]:
        pulumi.runtime.set_all_config(
            stack_config(stack, **changes),
            [f"aurora-data-platform:{key}" for key in secret_keys],
        )
        namespace = runpy.run_path(str(REPOSITORY / "__main__.py"), run_name="__main__")
        exports.update(namespace["platform"].stack_outputs)
        return exports

    return record(build, answers=answers, preview=preview, stack=stack)
