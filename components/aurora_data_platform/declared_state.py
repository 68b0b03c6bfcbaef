"""The declared state of a platform: what day-2 commands compare with the deployed one.

It contains no secret. A reader ignores unknown keys; a key is never removed or given
another meaning within a version.
"""

from typing import Any

import pulumi

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.backups import BACKUP_WINDOW_HOURS
from components.aurora_data_platform.credentials.secret import INITIAL_VERSION_STAGE
from components.aurora_data_platform.observability.alarms.alarm import alarms_for
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard.prices import acu_hourly_usd
from components.aurora_data_platform.observability.observability import CRITICAL_ALARM
from components.aurora_data_platform.settings.model import PlatformSettings

VERSION = 1
"""Version of the document."""


def declared_state(
    args: AuroraDataPlatformArgs, *, functions_security_group_id: pulumi.Input[str]
) -> pulumi.Output[dict[str, Any]]:
    """Return what the settings declare, in AWS's units.

    Args:
        args: The platform's arguments.
        functions_security_group_id: Security group of the Lambda functions, a client of the
            database.
    """
    own = _from_settings(args.settings)
    own["engineVersion"] = args.engine_version or args.settings.engine_version
    return pulumi.Output.all(
        subnetIds=args.subnet_ids,
        clientSecurityGroupIds=[
            *args.client_security_group_ids.values(),
            functions_security_group_id,
        ],
        executionRoleName=args.ecs_task_execution_role_name,
        availabilityZones=pulumi.Output.from_input(args.availability_zones).apply(
            lambda zones: sorted(set(zones))
        ),
        createsKey=args.kms_key_arn is None,
    ).apply(lambda looked_up: {**own, **looked_up})


def _from_settings(s: PlatformSettings) -> dict[str, Any]:
    names = s.names
    alarms = [alarm.name for alarm in alarms_for(ALARM_CATALOGUE, s)]
    return {
        "version": VERSION,
        "environment": s.environment,
        "taskRoleNames": {name: list(user.task_roles) for name, user in s.users.items()},
        "protected": s.enable_deletion_protection or s.protect_resources,
        "autoMinorVersionUpgrade": s.auto_minor_version_upgrade,
        "minCapacity": s.aurora_min_capacity,
        "maxCapacity": s.aurora_max_capacity,
        "storageType": str(s.storage_type),
        "acuHourlyPriceUsd": acu_hourly_usd(s),
        "instanceIdentifiers": [names.instance(n) for n in range(1, s.instance_count + 1)],
        "iamRoles": s.iam_roles,
        "subnetGroupName": names.subnet_group,
        "parameterGroupName": names.parameter_group,
        "parameters": {row.name: row.value for row in s.rds_parameters},
        "backupRetentionDays": s.backup_retention_days,
        "backupWindow": s.backup_window,
        "backupPlan": {
            "schedule": s.backup_plan.schedule,
            "vaultName": names.backup_vault,
            "windowHours": BACKUP_WINDOW_HOURS,
        }
        if s.backup_plan.is_given
        else None,
        "maintenanceWindow": s.maintenance_window,
        "deletionProtection": s.enable_deletion_protection,
        "logGroupNames": {str(kind): names.log_group(kind) for kind in s.log_exports},
        "logRetentionDays": s.log_retention_days,
        "performanceInsights": s.performance_insights_enabled,
        "performanceInsightsRetentionDays": s.performance_insights_retention_days,
        "monitoringIntervalSeconds": s.monitoring_interval_seconds,
        "alarmNames": [*alarms, names.alarm(CRITICAL_ALARM)],
        "notificationEmails": list(s.notification_emails),
        "masterUsername": s.master_username,
        "rotationDays": s.rotation_days,
        "rotationWindowHours": s.rotation_window_hours,
        "pinnedVersionStage": INITIAL_VERSION_STAGE,
        "setupFunctionName": names.setup.function,
    }
