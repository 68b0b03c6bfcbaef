"""Configuration issues, and the error that reports all of them at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

MISSING = "not set"
"""Shown as the value of a key that is not set."""


@dataclass(frozen=True)
class ConfigIssue:
    """One problem in a configuration.

    Attributes:
        key: Configuration key in camelCase (`auroraMinCapacity`), with a dotted path inside objects
            (`tags.Team`).
        value: The value found, printable. Never a secret: no setting is one.
        expected: What the key accepts; empty for an unknown key.
        reason: Why, with the origin of the limit where AWS sets it; empty if there is nothing to
            add.
    """

    key: str
    value: object
    expected: str
    reason: str = ""

    def __str__(self) -> str:
        """The key, then one line each for value, allowed values and reason."""
        value = self.value if self.value == MISSING else repr(self.value)
        if not self.expected:
            # An unknown key can be a password in the wrong place.
            value = ""
        rows = (("got", value), ("allowed", self.expected), ("reason", self.reason))
        lines = [f"    {f'{title}:':<9}{text}" for title, text in rows if text]
        return "\n".join([f"  {self.key}", *lines])


class ConfigError(Exception):
    """A configuration has issues; the message lists every one of them.

    Deliberately not a `ValueError`: pydantic would wrap it.

    Args:
        issues: At least one.
        source: Where to change the values, for example `Pulumi.dev.yaml`.
    """

    def __init__(self, issues: Iterable[ConfigIssue], source: str = "the arguments") -> None:
        self.issues: Sequence[ConfigIssue] = tuple(issues)
        count = len(self.issues)
        head = f"{count} {'error' if count == 1 else 'errors'} in {source}; nothing was deployed"
        super().__init__("\n".join([head, *map(str, self.issues)]))


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """Return the reason of an issue with an unknown name.

    Args:
        kind: What the name stands for, for example `key`.
        name: What was written.
        known: What could have been meant.

    Returns:
        `unknown key; did you mean 'a' or 'b'?` with at most three names, closest first, or
        `unknown key` if none is close.
    """
    close = get_close_matches(name, sorted(known), n=3, cutoff=0.6)
    suggestion = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
    return f"unknown {kind}{suggestion}"


def duplicate_issues(lists: Iterable[tuple[str, Sequence[str]]]) -> Iterator[ConfigIssue]:
    """Yield an issue for each list, given with its key, that has an entry twice."""
    for key, entries in lists:
        if len(set(entries)) < len(entries):
            yield ConfigIssue(key, [str(each) for each in entries], "each entry once")
