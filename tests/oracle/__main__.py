"""`make oracle`: has checkov judge the platform, records what it says, and compares."""

import sys

from docs.policy_oracle import RESULT, Result, differences, mapped_checks, oracle_page, result
from tests.oracle import judge
from tests.oracle.comparison import complaints, verdicts
from tests.oracle.situations import situations
from tests.support.recorder import REPOSITORY

PAGE = REPOSITORY / "docs/policy-oracle.md"


def main() -> None:
    """Judge, record and compare."""
    found = judged()
    RESULT.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    result.cache_clear()
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
