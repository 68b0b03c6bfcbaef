"""Writes `docs/settings-impact.md`: `python -m tools.settings_impact`."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rehearsal import Rehearsal
from tests.engine.plans import Plan, Step
from tools.settings_impact.impact import steps_by_setting
from tools.settings_impact.page import PAGE, page

NAME = "impact"
BASE: Mapping[str, Any] = {"platformName": NAME}


def main() -> None:
    """Deploy a stack to an emulated AWS of its own, preview every change, and write the page."""
    folder = Path(tempfile.mkdtemp())
    # PostgreSQL's own user passes through it.
    folder.chmod(0o755)
    rehearsal = Rehearsal(folder)
    rehearsal.start_aws()
    try:
        rehearsal.stack(NAME, BASE, like="dev").up()

        def preview(change: Mapping[str, Any]) -> Mapping[str, Step]:
            plan = Plan()
            rehearsal.stack(NAME, {**BASE, **change}, like="dev").preview(on_event=plan.record)
            return plan.steps

        PAGE.write_text(page(steps_by_setting(BASE, preview), NAME), encoding="utf-8")
    finally:
        rehearsal.stop()


if __name__ == "__main__":
    main()
