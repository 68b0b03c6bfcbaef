"""Environments: classification of stacks as production or not.

Production is the default. A stack is something else only if a word of its name says so, so that a
new name never escapes the locked controls by accident.
"""

import re

NON_PRODUCTION = frozenset(
    {
        *("acc", "acceptance", "ci", "demo", "dev", "devel", "develop", "development", "e2e"),
        *("experiment", "experimental", "feature", "int", "integration", "lab", "local", "nightly"),
        *("nonprd", "nonprod", "nonproduction", "perf", "performance", "playground", "poc", "pr"),
        *("preprd", "preprod", "preproduction", "preview", "qa", "sandbox", "sbx", "scratch"),
        *("sit", "stage", "staging", "stg", "test", "testing", "training", "tst", "uat"),
    }
)
"""Words that mark an environment as something other than production; digits behind them do not
count."""
_PRODUCTION = frozenset({"live", "prd", "prod", "production"})
_NEGATIONS = frozenset({"non", "not", "pre"})


def is_production(stack: str) -> bool:
    """Return whether a stack counts as production, given its name, such as `prod` or `eu-live`."""
    words = [word.rstrip("0123456789") for word in re.split(r"[^a-z0-9]+", stack.lower())]
    named: list[str] = []
    for word in words:
        if named and named[-1] in _NEGATIONS:
            word = named.pop() + word  # noqa: PLW2901 - "non-prod" is one word
        named.append(word)
    if _PRODUCTION.intersection(named):
        return True
    return NON_PRODUCTION.isdisjoint(named)
