"""`make oracle`: has checkov judge the platform, records what it says, and compares."""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.policy_oracle import RESULT, Result, differences, mapped_checks, oracle_page
from tests.oracle import terraform_plan
from tests.oracle.comparison import complaints, verdicts
from tests.oracle.situations import situations
from tests.support.recorder import REPOSITORY

PYTHON = REPOSITORY / ".oracle/bin/python"
RUN = Path(__file__).parent / "checkov_run.py"
PAGE = REPOSITORY / "docs/policy-oracle.md"


def main() -> None:
    """Judge, record and compare."""
    found = judged()
    RESULT.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(oracle_page(), encoding="utf-8")
    told = complaints(found, differences())
    if told:
        sys.exit("\n".join(["oracle: the pack and checkov differ otherwise than listed", *told]))
    print(f"oracle: {len(found.verdicts)} checks in {len(found.situations)} situations, as listed")


def judged() -> Result:
    """Verdicts of both in every situation.

    Raises:
        LookupError: checkov judged no resource at all by a check that the catalogue names.
    """
    with TemporaryDirectory() as folder:
        for name, situation in situations().items():
            plan = Path(folder) / f"{name}.json"
            plan.write_text(terraform_plan.text(situation.resources), encoding="utf-8")
        done = subprocess.run(
            [PYTHON, RUN, folder, *mapped_checks()], check=True, stdout=subprocess.PIPE, text=True
        )
    answer = json.loads(done.stdout)
    failing: dict[str, dict[str, tuple[str, ...]]] = {
        name: {check: tuple(row["fails"]) for check, row in rows.items()}
        for name, rows in answer["plans"].items()
    }
    unknown = mapped_checks().keys() - {check for rows in failing.values() for check in rows}
    if unknown:
        message = f"checkov {answer['version']} does not know {', '.join(sorted(unknown))}"
        raise LookupError(message)
    return Result(
        version=answer["version"],
        situations=tuple(situations()),
        verdicts=verdicts(situations(), failing),
    )


if __name__ == "__main__":
    main()
