"""Secrets and keys."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.settings.types import (
    RECOVERY_WINDOW_DAYS,
    RotationStrategy,
    SecretsManagerAccess,
    WholeNumber,
    one_of,
    setting,
)


class SecretSettings(BaseModel):
    """Secrets and keys."""

    secret_recovery_window_days: Annotated[WholeNumber, one_of(RECOVERY_WINDOW_DAYS)] = setting(
        30,
        allowed="0, or 7 to 30 days",
        why="Secrets Manager API, RecoveryWindowInDays; 0 deletes at once and frees the name",
        description="Days in which a deleted master secret can be restored",
        config="integer",
    )
    key_deletion_window_days: Annotated[WholeNumber, Field(ge=7, le=30)] = setting(
        30,
        allowed="7 to 30 days",
        why="KMS API, PendingWindowInDays",
        description="Days in which a deleted created key can be restored",
        config="integer",
    )
    rotation_strategy: RotationStrategy = setting(
        RotationStrategy.SINGLE_USER,
        allowed="single-user or alternating-users",
        why="the rotation function knows these two",
        description="`single-user` rotates the master secret; `alternating-users` does so too, and "
        "adds an application's secret, whose previous version stays valid for one more period",
    )
    rotation_days: Annotated[WholeNumber, Field(ge=1, le=1000)] = setting(
        30,
        allowed="1 to 1000 days",
        why="Secrets Manager API, RotationRules",
        description="Days after which a password is rotated",
        config="integer",
    )
    rotation_window_hours: Annotated[WholeNumber, Field(ge=1, le=24)] = setting(
        3,
        allowed="1 to 24 hours",
        why="the window starts at 00:00 UTC and must end on the same day",
        description="Length of the window, from 00:00 UTC, in which a rotation may happen",
        config="integer",
    )
    secrets_manager_access: SecretsManagerAccess = setting(
        SecretsManagerAccess.CREATE,
        allowed="create (an interface endpoint), existing (one of the VPC, with private DNS) or "
        "nat (a route to the internet)",
        why="the rotation function runs in private subnets",
        description="How the rotation function reaches Secrets Manager",
    )
