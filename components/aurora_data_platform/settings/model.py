"""`PlatformSettings`: everything that is decided before deployment."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, model_validator

from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.rules import RULES
from components.aurora_data_platform.settings.validation import validated


class PlatformSettings(SettingsFields):
    """Settings of a platform: defaults applied, every cross-field rule checked.

    The camelCase form of a field's name is its key in a stack file.

    Raises:
        ConfigError: Any setting is invalid; the error lists every issue.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _report_every_issue(
        cls, values: Mapping[str, Any], handler: ModelWrapValidatorHandler[Self]
    ) -> Self:
        return validated(cls, values, handler, RULES)
