"""Secrets, rotation and keys."""

from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.settings.types import (
    RECOVERY_WINDOW_DAYS,
    SecretsManagerConnectivity,
    SettingsGroup,
    WholeNumber,
    one_of,
    setting,
)


class SecretSettings(SettingsGroup):
    """Secrets, rotation and keys."""

    secret_recovery_window_days: Annotated[
        WholeNumber,
        one_of(RECOVERY_WINDOW_DAYS),
        setting(
            "0, or 7 to 30 days",
            "Secrets Manager API, RecoveryWindowInDays; 0 deletes at once and frees the name",
        ),
    ] = 30
    """Recovery window of deleted secrets, in days."""
    key_deletion_window_days: Annotated[
        WholeNumber, Field(ge=7, le=30), setting("7 to 30 days", "KMS API, PendingWindowInDays")
    ] = 30
    """KMS deletion waiting period, in days (platform-created key)."""
    rotation_days: Annotated[
        WholeNumber,
        Field(ge=1, le=999),
        setting("1 to 999 days", "Secrets Manager user guide, Rotation schedules"),
    ] = 30
    """Days between rotations. Changing it, or the window, also rotates at once."""
    rotation_window_hours: Annotated[
        WholeNumber,
        Field(ge=1, le=24),
        setting("1 to 24 hours", "the window starts at 00:00 UTC and must end on the same day"),
    ] = 3
    """Length of the rotation window, in hours from 00:00 UTC."""
    rotation_reserved_concurrency: Annotated[
        WholeNumber,
        Field(ge=0, le=100),
        setting(
            "0 to reserve nothing, or 1 to 100",
            "new accounts have a Lambda quota of 10 concurrent executions, all of them unreserved",
        ),
    ] = 0
    """Reserved concurrent executions of each Lambda function: rotations and setup."""
    secrets_manager_connectivity: Annotated[
        SecretsManagerConnectivity,
        setting(
            "create-endpoint, existing-endpoint (one in the VPC, with private DNS) or nat (a route "
            "to the internet)",
            "the Lambda functions run in private subnets",
        ),
    ] = SecretsManagerConnectivity.CREATE_ENDPOINT
    """Network path from the Lambda functions to Secrets Manager."""
