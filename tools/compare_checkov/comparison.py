"""Comparison of the verdicts of both tools with the intended differences."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from tools.compare_checkov.situations import Situation
from tools.reference.checkov_page import (
    Difference,
    Result,
    Tool,
    Verdicts,
    compared,
    mapped_checks,
)

_TOOLS: tuple[Tool, ...] = get_args(Tool)


def verdicts(
    situations: Mapping[str, Situation],
    failing: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> dict[str, Verdicts]:
    """Return the verdicts of both tools by check.

    Args:
        situations: Checked platforms.
        failing: Resources in which checkov finds a violation, by situation and check.
    """
    return {
        check: Verdicts(
            checkov={name: failing[name][check] for name in situations if failing[name].get(check)},
            pack=tuple(
                name for name, each in situations.items() if each.controls.intersection(ids)
            ),
        )
        for check, ids in mapped_checks().items()
    }


def complaints(result: Result, differences: Iterable[Difference]) -> list[str]:
    """Return a message per unlisted difference and per listed one that does not occur."""
    listed = list(differences)
    found = compared(result, listed)
    return sorted([*_unlisted(found, listed), *_stale(result, found, listed)])


def _unlisted(found: Mapping[str, Verdicts], listed: list[Difference]) -> Iterator[str]:
    known = {(row.check, row.only, each) for row in listed for each in row.situations}
    for check, row in found.items():
        for tool in _TOOLS:
            for situation in row.found_only_by(tool):
                if (check, tool, situation) not in known:
                    found_by = f"only {tool} finds a violation in {situation}"
                    yield f"{check}: {found_by}, which is not listed"


def _stale(
    result: Result, found: Mapping[str, Verdicts], listed: list[Difference]
) -> Iterator[str]:
    for row in listed:
        if row.check not in found:
            yield f"{row.check}: listed, but no control implements it"
            continue
        for situation in row.situations:
            if situation not in found[row.check].found_only_by(row.only):
                yield f"{row.check}: listed, but not found by {row.only} alone in {situation}"
        everywhere = result.verdicts[row.check].checkov
        if row.resource and not all(
            row.resource in everywhere.get(each, ()) for each in result.situations
        ):
            yield f"{row.check}: listed, but not found by checkov in {row.resource} everywhere"
