"""Writes `docs/settings-impact.md`: `python -m tools.settings_impact`."""

import tempfile
from pathlib import Path
from typing import Any

from pulumi.automation import Stack

from rehearsal import Rehearsal
from tools.settings_impact.generation import generated
from tools.settings_impact.page import PAGE

NAME = "impact"


def main() -> None:
    """Deploy a stack to an emulated AWS of its own, preview every change, and write the page."""
    folder = Path(tempfile.mkdtemp())
    # PostgreSQL's own user passes through it.
    folder.chmod(0o755)
    rehearsal = Rehearsal(folder)
    rehearsal.start_aws()

    def configured(**changes: Any) -> Stack:
        return rehearsal.stack(NAME, {"platformName": NAME, **changes}, like="dev")

    try:
        configured().up()
        PAGE.write_text(generated(configured, NAME), encoding="utf-8")
    finally:
        rehearsal.stop()


if __name__ == "__main__":
    main()
