"""Classification of environments as production or not."""

import re

NON_PRODUCTION = frozenset(
    {
        *(
            "alpha",
            "beta",
            "ci",
            "demo",
            "dev",
            "develop",
            "development",
            "e2e",
            "edu",
            "ephemeral",
        ),
        *(
            "ephemeral",
            "experiment",
            "int",
            "integration",
            "lab",
            "load",
            "local",
            "mock",
            "nonprod",
        ),
        *("perf", "performance", "playground", "poc", "pr", "preprod", "preproduction", "preview"),
        *("qa", "review", "sandbox", "sbx", "stage", "staging", "stg", "test", "testing", "tmp"),
        *("training", "trial", "tst", "uat"),
    }
)
_SPLIT_PREFIX = re.compile(r"\b(non|pre)[-_.](prod(?:uction)?)\b")


def is_production(environment: str) -> bool:
    """Return whether an environment counts as production.

    Production is the default, so that an unknown name (`live`, `prd`, `prod-eu`) gets its rules. An
    environment counts as non-production if one part of its name, without trailing digits, is listed
    in `NON_PRODUCTION`.
    """
    joined = _SPLIT_PREFIX.sub(r"\1\2", environment.lower())
    parts = {part.rstrip("0123456789") for part in re.split(r"[-_.]", joined)}
    return not parts & NON_PRODUCTION
