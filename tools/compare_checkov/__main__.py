"""`make compare-checkov`: runs checkov on the platform, records its verdicts, and compares them."""

import sys

from tools.compare_checkov import runner
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

PAGE = ROOT / "docs/verification/checkov.md"


def main() -> None:
    """Run checkov, record its verdicts and compare them with those of the pack."""
    found = compared_verdicts()
    RESULT.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    result.cache_clear()
    PAGE.write_text(checkov_page(), encoding="utf-8")
    unexpected = complaints(found, differences())
    if unexpected:
        sys.exit(
            "\n".join(["compare-checkov: the differences are not the listed ones", *unexpected])
        )
    print(f"{len(found.verdicts)} checks in {len(found.situations)} situations, as listed")


def compared_verdicts() -> Result:
    """Return the verdicts of both tools in every situation.

    Raises:
        LookupError: checkov applied a check of the catalogue to no resource.
    """
    answer = runner.run({name: each.resources for name, each in situations().items()})
    unknown = mapped_checks().keys() - {check for rows in answer.plans.values() for check in rows}
    if unknown:
        message = f"checkov {answer.version} has no result for {', '.join(sorted(unknown))}"
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
