"""Compares what the two said with the differences that are intended."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from tools.compare_checkov.situations import Situation
from tools.reference.checkov_page import (
    Difference,
    Judge,
    Result,
    Verdicts,
    compared,
    mapped_checks,
)

_JUDGES: tuple[Judge, ...] = get_args(Judge)


def verdicts(
    situations: Mapping[str, Situation],
    failing: Mapping[str, Mapping[str, tuple[str, ...]]],
) -> dict[str, Verdicts]:
    """Who objects where, by check.

    Args:
        situations: What was judged.
        failing: Resources that checkov fails, by situation and check.
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
    """Differences that nobody listed, and listed ones that are none."""
    listed = list(differences)
    found = compared(result, listed)
    return sorted([*_unlisted(found, listed), *_stale(result, found, listed)])


def _unlisted(found: Mapping[str, Verdicts], listed: list[Difference]) -> Iterator[str]:
    known = {(row.check, row.objects, each) for row in listed for each in row.situations}
    for check, row in found.items():
        for judge in _JUDGES:
            for situation in row.only(judge):
                if (check, judge, situation) not in known:
                    yield f"{check}: only {judge} objects in {situation}, which is not listed"


def _stale(
    result: Result, found: Mapping[str, Verdicts], listed: list[Difference]
) -> Iterator[str]:
    for row in listed:
        if row.check not in found:
            yield f"{row.check}: listed, but no control implies it"
            continue
        for situation in row.situations:
            if situation not in found[row.check].only(row.objects):
                yield f"{row.check}: listed, but {row.objects} does not object alone in {situation}"
        everywhere = result.verdicts[row.check].checkov
        if row.resource and not all(
            row.resource in everywhere.get(each, ()) for each in result.situations
        ):
            yield f"{row.check}: listed, but checkov does not object to {row.resource} everywhere"
