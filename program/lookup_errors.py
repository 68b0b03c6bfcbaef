"""Collection of failed lookups, so that one preview reports all of them."""

from collections.abc import Callable
from typing import TypeVar

from components.aurora_data_platform.errors import ConfigIssue

Found = TypeVar("Found")


class LookupErrors:
    """Runs lookups and collects an issue for each that fails."""

    def __init__(self) -> None:
        self.issues: list[ConfigIssue] = []

    def collect(
        self, lookup: Callable[[], Found], default: Found, *, key: str, value: object, expected: str
    ) -> Found:
        """Return the result of a lookup, or the default after recording an issue.

        Args:
            lookup: Raises an exception whose text is the reason, if it finds nothing.
            default: Returned after a failure.
            key: Configuration key of the lookup.
            value: Configured value.
            expected: What the key accepts.
        """
        try:
            return lookup()
        except Exception as error:
            self.issues.append(ConfigIssue(key, value, expected, str(error)))
            return default
