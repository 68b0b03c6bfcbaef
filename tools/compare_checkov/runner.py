"""checkov, run in the separate environment that `make compare-checkov` creates."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from tools.compare_checkov import terraform_plan
from tools.reference.checkov_page import mapped_checks
from tools.repository import ROOT
from tools.testing.policies import Declared

PYTHON = ROOT / ".checkov/bin/python"
_RUN = Path(__file__).parent / "checkov_run.py"


class CheckResult(BaseModel):
    """Names of the resources that pass and fail a check."""

    passes: tuple[str, ...]
    fails: tuple[str, ...]


class Output(BaseModel):
    """Output of checkov.

    Attributes:
        version: Version of checkov.
        plans: Results by plan and check, without checks that applied to no resource.
        seconds: Run time by plan.
    """

    version: str
    plans: dict[str, dict[str, CheckResult]]
    seconds: dict[str, float]


def is_installed() -> bool:
    """Return whether `make compare-checkov` has created the environment."""
    return PYTHON.exists()


def run(platforms: Mapping[str, Iterable[Declared]]) -> Output:
    """Run every check of the catalogue on several platforms, in one process."""
    with TemporaryDirectory() as folder:
        for name, resources in platforms.items():
            plan = Path(folder) / f"{name}.json"
            plan.write_text(terraform_plan.text(resources), encoding="utf-8")
        done = subprocess.run(
            [PYTHON, _RUN, folder, *mapped_checks()], check=True, stdout=subprocess.PIPE, text=True
        )
    return Output.model_validate_json(done.stdout)
