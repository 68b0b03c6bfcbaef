"""Script that runs checkov on Terraform plans, with the Python of `.checkov`.

Usage: `python checkov_run.py FOLDER CHECK...`, with one plan per file in the folder. Prints JSON:
per plan, the names of the resources that pass and fail each check, and the run time.
"""

# checkov is not installed in the environment in which types are checked.
# pyright: reportMissingImports=false, reportUnknownVariableType=false
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import json
import logging
import sys
import time
from importlib.metadata import version
from pathlib import Path

logging.disable(logging.CRITICAL)

from checkov.runner_filter import RunnerFilter  # noqa: E402 - it logs while it loads
from checkov.terraform.plan_runner import Runner  # noqa: E402


def check(plan: Path, checks: list[str]) -> dict[str, dict[str, list[str]]]:
    """Return the names of resources by check and verdict."""
    found: dict[str, dict[str, list[str]]] = {}
    runner = Runner()
    report = runner.run(
        root_folder=None,
        files=[str(plan)],
        runner_filter=RunnerFilter(framework=["terraform_plan"], checks=checks),
    )
    for verdict, records in (("passes", report.passed_checks), ("fails", report.failed_checks)):
        for record in records:
            name = record.resource.partition(".")[2]
            rows = found.setdefault(record.check_id, {"passes": [], "fails": []})
            rows[verdict] = sorted({*rows[verdict], name})
    if report.parsing_errors:
        message = f"checkov cannot read {plan}"
        raise ValueError(message)
    return found


def main(folder: Path, checks: list[str]) -> None:
    """Run checkov on every plan of a folder."""
    plans: dict[str, dict[str, dict[str, list[str]]]] = {}
    seconds: dict[str, float] = {}
    for path in sorted(folder.glob("*.json")):
        started = time.perf_counter()
        plans[path.stem] = check(path, checks)
        seconds[path.stem] = time.perf_counter() - started
    result = {"version": version("checkov"), "plans": plans, "seconds": seconds}
    json.dump(result, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
