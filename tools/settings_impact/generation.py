"""Generation of the page from a deployed stack."""

from collections.abc import Callable, Mapping
from typing import Any

from pulumi.automation import Stack

from tests.engine.plans import Plan, Step
from tools.settings_impact.impact import steps_by_setting
from tools.settings_impact.page import page


def generated(configured: Callable[..., Stack], platform: str) -> str:
    """Return the page.

    Args:
        configured: Returns the deployed stack, like dev, with configuration values changed.
        platform: Name of the stack's platform.
    """

    def preview(change: Mapping[str, Any]) -> Mapping[str, Step]:
        plan = Plan()
        configured(**change).preview(on_event=plan.record)
        return plan.steps

    return page(steps_by_setting(platform, preview), platform)
