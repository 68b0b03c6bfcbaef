"""checkov, in the environment of its own that `make compare-checkov` makes."""

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


class Judged(BaseModel):
    """Names of the resources that pass and fail a check."""

    passes: tuple[str, ...]
    fails: tuple[str, ...]


class Answer(BaseModel):
    """What checkov said.

    Attributes:
        version: checkov's.
        plans: By plan and check; a check that judged nothing is absent.
        seconds: How long judging took, by plan.
    """

    version: str
    plans: dict[str, dict[str, Judged]]
    seconds: dict[str, float]


def is_installed() -> bool:
    """Whether `make compare-checkov` has made the environment."""
    return PYTHON.exists()


def ask(platforms: Mapping[str, Iterable[Declared]]) -> Answer:
    """Have platforms judged by every check that the catalogue names, in one process."""
    with TemporaryDirectory() as folder:
        for name, resources in platforms.items():
            plan = Path(folder) / f"{name}.json"
            plan.write_text(terraform_plan.text(resources), encoding="utf-8")
        done = subprocess.run(
            [PYTHON, _RUN, folder, *mapped_checks()], check=True, stdout=subprocess.PIPE, text=True
        )
    return Answer.model_validate_json(done.stdout)
