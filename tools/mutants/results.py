"""Results of `make mutants` in results.yaml, which also holds the reasons of survivors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tools.repository import read_yaml

RESULTS = Path(__file__).with_name("results.yaml")
NO_REASON = "TODO"
_HEADER = (
    "# Written by `make mutants`, except for the reasons, which are kept for the same change.\n"
)


def recorded() -> dict[str, dict[str, Any]]:
    """Return the recorded result of each module."""
    if not RESULTS.exists():
        return {}
    return read_yaml(RESULTS) or {}


def record(module: str, counts: Mapping[str, int], survivors: list[str]) -> None:
    """Record the result of one module, with the reasons that are known."""
    results = recorded()
    known = {row["change"]: row["reason"] for row in results.get(module, {}).get("survivors", ())}
    rows = [
        {"change": change, "reason": known.get(change, NO_REASON)}
        for change in sorted(set(survivors))
    ]
    results[module] = {**counts, "survivors": rows}
    text = yaml.safe_dump(dict(sorted(results.items())), sort_keys=False, width=100)
    RESULTS.write_text(_HEADER + text, encoding="utf-8")
