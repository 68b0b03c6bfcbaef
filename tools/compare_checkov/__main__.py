"""`make compare-checkov`: has checkov judge the platform, records what it says, and compares."""

import sys

from tools.compare_checkov import judge
from tools.compare_checkov.comparison import complaints, verdicts
from tools.compare_checkov.situations import situations
from tools.reference.checkov_page import (
    RESULT,
    Result,
    checkov_page,
    differences,
    mapped_checks,
    result,
)
from tools.repository import ROOT

PAGE = ROOT / "docs/policy-checkov.md"


def main() -> None:
    """Judge, record and compare."""
    found = judged()
    RESULT.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    result.cache_clear()
    PAGE.write_text(checkov_page(), encoding="utf-8")
    told = complaints(found, differences())
    if told:
        sys.exit(
            "\n".join(["compare-checkov: the pack and checkov differ otherwise than listed", *told])
        )
    print(f"{len(found.verdicts)} checks in {len(found.situations)} situations, as listed")


def judged() -> Result:
    """Verdicts of both in every situation.

    Raises:
        LookupError: checkov judged no resource at all by a check that the catalogue names.
    """
    answer = judge.ask({name: each.resources for name, each in situations().items()})
    unknown = mapped_checks().keys() - {check for rows in answer.plans.values() for check in rows}
    if unknown:
        message = f"checkov {answer.version} judged nothing by {', '.join(sorted(unknown))}"
        raise LookupError(message)
    failing = {
        name: {check: row.fails for check, row in rows.items()}
        for name, rows in answer.plans.items()
    }
    return Result(
        version=answer.version,
        situations=tuple(situations()),
        verdicts=verdicts(situations(), failing),
    )


if __name__ == "__main__":
    main()
