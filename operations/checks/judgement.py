"""The verdict of one check."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """The expected and the found state.

    Attributes:
        passed: Whether the check passed.
        expected: The expected state.
        found: The deployed state.
        evidence: Details that lead to the cause.
    """

    passed: bool
    expected: str
    found: str
    evidence: str = ""


class NotApplicableError(Exception):
    """The stack does not declare what the check is about; the message says why."""


def equal(expected: object, found: object, evidence: str = "") -> Judgement:
    """Pass if both are equal."""
    return Judgement(expected == found, text(expected), text(found), evidence)


def same_members(expected: Iterable[str], found: Iterable[str], evidence: str = "") -> Judgement:
    """Pass if both have the same members, in any order."""
    wanted, had = sorted(set(expected)), sorted(set(found))
    missing = [each for each in wanted if each not in had]
    extra = [each for each in had if each not in wanted]
    parts = [evidence] if evidence else []
    parts += [f"missing: {text(missing)}"] if missing else []
    parts += [f"not declared: {text(extra)}"] if extra else []
    return Judgement(not missing and not extra, text(wanted), text(had), "; ".join(parts))


def text(value: object) -> str:
    """Return a value for people."""
    if value is None or value == [] or value == {}:
        return "none"
    match value:
        case bool():
            return "on" if value else "off"
        case float():
            return f"{value:g}"
        case dict():
            return ", ".join(f"{key}={text(each)}" for key, each in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case list():
            return ", ".join(text(each) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            return str(value)
