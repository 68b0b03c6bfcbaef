"""Faults of a configuration: told all at once, in the words of the person who wrote it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

NOTHING = "nothing"
"""Shown as the value of a setting that is missing."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        key: Configuration key, camelCase as in the stack file (`auroraMinCapacity`).
        got: The value found, printable; never a secret, since no setting is one.
        allowed: What the key accepts.
        why: The reason, with the limit's origin where AWS sets it.
    """

    key: str
    got: object
    allowed: str
    why: str

    def __str__(self) -> str:
        """Four lines: key, value, what is allowed, why."""
        got = self.got if self.got == NOTHING else repr(self.got)
        rows = (("got", got), ("allowed", self.allowed), ("why", self.why))
        return "\n".join(
            [f"  {self.key}", *(f"    {f'{title}:':<9}{text}" for title, text in rows)]
        )


class SettingsError(ValueError):
    """The configuration has faults; the message lists every one of them.

    Args:
        faults: At least one.
        where: Where to change them, for example `Pulumi.dev.yaml`.
    """

    def __init__(self, faults: Iterable[Fault], where: str = "the arguments") -> None:
        self.faults: Sequence[Fault] = tuple(faults)
        count = len(self.faults)
        head = f"{count} {'error' if count == 1 else 'errors'} in {where}; nothing was deployed"
        super().__init__("\n".join([head, *map(str, self.faults)]))


def nearest(name: str, known: Iterable[str]) -> str:
    """Text that offers the nearest known names, for an unknown one.

    Args:
        name: What was written.
        known: What could have been meant.

    Returns:
        `one of 'a', 'b'` with at most three names, nearest first, or all known names, sorted,
        when none is near.
    """
    names = sorted(known)
    close = get_close_matches(name, names, n=3, cutoff=0.6)
    return "nearest known: " + ", ".join(map(repr, close)) if close else ", ".join(names)
