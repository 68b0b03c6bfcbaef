"""Facts from AWS's control plane."""

from datetime import UTC, datetime
from typing import Any

from operations.aws.clients import Properties
from operations.checks.facts.reading import Facts
from operations.checks.judgement import NotApplicableError


def outputs(facts: Facts) -> Properties:
    """Return the stack's outputs as they are."""
    return facts.outputs.raw


def cluster(facts: Facts) -> Properties:
    """Return the cluster."""
    answer = facts.aws.call(
        "rds", "describe_db_clusters", DBClusterIdentifier=facts.outputs.cluster_identifier
    )
    return answer["DBClusters"][0]


def instances(facts: Facts) -> list[Properties]:
    """Return the cluster's instances, sorted by name."""
    wanted = [{"Name": "db-cluster-id", "Values": [facts.outputs.cluster_identifier]}]
    found = facts.aws.pages("rds", "describe_db_instances", "DBInstances", Filters=wanted)
    return sorted(found, key=lambda each: each["DBInstanceIdentifier"])


def subnet_group(facts: Facts) -> Properties:
    """Return the declared subnet group."""
    name = facts.outputs.declared_state.subnet_group_name
    return facts.aws.call("rds", "describe_db_subnet_groups", DBSubnetGroupName=name)[
        "DBSubnetGroups"
    ][0]


def cluster_parameters(facts: Facts) -> dict[str, str]:
    """Return the values of the parameter group that the cluster uses."""
    rows = facts.aws.pages(
        "rds",
        "describe_db_cluster_parameters",
        "Parameters",
        DBClusterParameterGroupName=facts.get("cluster")["DBClusterParameterGroup"],
    )
    return {row["ParameterName"]: row["ParameterValue"] for row in rows if "ParameterValue" in row}


def snapshots(facts: Facts) -> list[Properties]:
    """Return the cluster's snapshots, manual and automated."""
    return facts.aws.pages(
        "rds",
        "describe_db_cluster_snapshots",
        "DBClusterSnapshots",
        DBClusterIdentifier=facts.outputs.cluster_identifier,
    )


def automated_backups(facts: Facts) -> list[Properties]:
    """Return the cluster's automated backups."""
    return facts.aws.pages(
        "rds",
        "describe_db_cluster_automated_backups",
        "DBClusterAutomatedBackups",
        DbClusterResourceId=facts.outputs.cluster_resource_id,
    )


def backup_vault(facts: Facts) -> Properties:
    """Return the vault of the backup plan; nothing without a plan."""
    plan = facts.outputs.declared_state.backup_plan
    if plan is None:
        return {}
    return facts.aws.call("backup", "describe_backup_vault", BackupVaultName=plan.vault_name)


def recovery_points(facts: Facts) -> list[Properties]:
    """Return the cluster's recovery points in the vault of the backup plan."""
    plan = facts.outputs.declared_state.backup_plan
    if plan is None:
        return []
    return facts.aws.pages(
        "backup",
        "list_recovery_points_by_backup_vault",
        "RecoveryPoints",
        BackupVaultName=plan.vault_name,
        ByResourceArn=facts.outputs.cluster_arn,
    )


def security_group_rules(facts: Facts) -> list[Properties]:
    """Return the rules of the cluster's security group."""
    wanted = [{"Name": "group-id", "Values": [facts.outputs.security_group_id]}]
    return facts.aws.pages(
        "ec2", "describe_security_group_rules", "SecurityGroupRules", Filters=wanted
    )


def key(facts: Facts) -> Properties:
    """Return the KMS key and its rotation status."""
    arn = facts.outputs.kms_key_arn
    described = facts.aws.call("kms", "describe_key", KeyId=arn)["KeyMetadata"]
    rotated = facts.aws.call("kms", "get_key_rotation_status", KeyId=arn)
    return {**described, "KeyRotationEnabled": rotated["KeyRotationEnabled"]}


def topic_subscriptions(facts: Facts) -> list[Properties]:
    """Return the subscriptions of the notification topic."""
    return facts.aws.pages(
        "sns",
        "list_subscriptions_by_topic",
        "Subscriptions",
        TopicArn=facts.outputs.notifications_topic_arn,
    )


def alarms(facts: Facts) -> list[Properties]:
    """Return the alarms, metric and composite, whose names start with the cluster's."""
    found: list[Properties] = []
    for kind, member in (("MetricAlarm", "MetricAlarms"), ("CompositeAlarm", "CompositeAlarms")):
        found += facts.aws.pages(
            "cloudwatch",
            "describe_alarms",
            member,
            AlarmNamePrefix=f"{facts.outputs.cluster_identifier}-",
            AlarmTypes=[kind],
        )
    return found


def log_groups(facts: Facts) -> dict[str, Properties]:
    """Return the cluster's log groups by name."""
    prefix = f"/aws/rds/cluster/{facts.outputs.cluster_identifier}/"
    rows = facts.aws.pages("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix)
    return {row["logGroupName"]: row for row in rows}


def log_events(facts: Facts) -> Properties:
    """Return the log group of the PostgreSQL log, its streams and the time of its last event.

    The time is in milliseconds since 1970; the group and the time are None if there is none.
    """
    name = facts.outputs.declared_state.log_group_names.get("postgresql")
    if name is None:
        return {"group": None, "last": None}
    streams = facts.aws.pages("logs", "describe_log_streams", "logStreams", logGroupName=name)
    times = [each["lastEventTimestamp"] for each in streams if each.get("lastEventTimestamp")]
    return {"group": name, "last": max(times, default=None), "streams": len(streams)}


def trails(facts: Facts) -> list[Properties]:
    """Return the trails of the region, each with its logging status and event selectors."""
    found: list[Properties] = []
    for trail in facts.aws.call("cloudtrail", "describe_trails")["trailList"]:
        arn = trail["TrailARN"]
        status = facts.aws.call("cloudtrail", "get_trail_status", Name=arn)
        selectors = facts.aws.call("cloudtrail", "get_event_selectors", TrailName=arn)
        found.append({**trail, "IsLogging": status["IsLogging"], "Selectors": selectors})
    return found


def attached_policies(facts: Facts) -> dict[str, list[str]]:
    """Return the ARNs of the policies attached to each task role."""
    roles = {
        role for each in facts.outputs.declared_state.task_role_names.values() for role in each
    }
    return {role: _attached(facts, role) for role in sorted(roles)}


def connect_policies(facts: Facts) -> dict[str, Any]:
    """Return the documents of the policies that allow login with IAM, by database user."""
    return {
        name: _document(facts, str(user.connect_policy_arn))
        for name, user in facts.outputs.users.items()
        if user.connect_policy_arn
    }


def task_role_decisions(facts: Facts) -> dict[str, dict[str, str]]:
    """Return IAM's decisions on `rds-db:connect` of each task role, by database user.

    They are simulated for the user that the role is for, and for the master user.
    """
    o, own = facts.outputs, facts.outputs.declared_state
    prefix = f"arn:{o.partition}:rds-db:{o.region}:{o.account}:dbuser:{o.cluster_resource_id}"
    decisions: dict[str, dict[str, str]] = {}
    for name in o.iam_users:
        for role in own.task_role_names.get(name, []):
            arn = _role_arn(facts, role)
            decisions[role] = {
                user: _decision(facts, arn, "rds-db:connect", f"{prefix}/{user}")
                for user in (name, own.master_username)
            }
    return decisions


def execution_role_decision(facts: Facts) -> str:
    """Return IAM's decision on reading the master secret as the execution role.

    Raises:
        NotApplicableError: the stack declares no execution role.
    """
    name = facts.outputs.declared_state.execution_role_name
    if name is None:
        message = "the stack declares no ecsTaskExecutionRoleName, so no role reads the secret"
        raise NotApplicableError(message)
    arn = facts.outputs.master_secret_arn
    return _decision(facts, _role_arn(facts, name), "secretsmanager:GetSecretValue", arn)


def _role_arn(facts: Facts, name: str) -> str:
    """Return the ARN of a role, which contains its path (IAM API reference, Role)."""
    return str(facts.aws.call("iam", "get_role", RoleName=name)["Role"]["Arn"])


def _attached(facts: Facts, role: str) -> list[str]:
    rows = facts.aws.pages("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role)
    return [row["PolicyArn"] for row in rows]


def _document(facts: Facts, arn: str) -> Any:
    """Return the default version of a policy."""
    version = facts.aws.call("iam", "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
    answer = facts.aws.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    return answer["PolicyVersion"]["Document"]


def _decision(facts: Facts, role: str, action: str, resource: str) -> str:
    results = facts.aws.pages(
        "iam",
        "simulate_principal_policy",
        "EvaluationResults",
        PolicySourceArn=role,
        ActionNames=[action],
        ResourceArns=[resource],
    )
    return str(results[0]["EvalDecision"])


def secret(facts: Facts) -> Properties:
    """Return the description of the master secret."""
    return facts.aws.call(
        "secretsmanager", "describe_secret", SecretId=facts.outputs.master_secret_arn
    )


def pending_maintenance(facts: Facts) -> list[Properties]:
    """Return the maintenance actions that wait for the cluster or its instances."""
    arns = [facts.outputs.cluster_arn, *(each["DBInstanceArn"] for each in facts.get("instances"))]
    rows = facts.aws.pages(
        "rds", "describe_pending_maintenance_actions", "PendingMaintenanceActions"
    )
    return [row for row in rows if row["ResourceIdentifier"] in arns]


def now(_facts: Facts) -> datetime:
    """Return the time of the command, so that judgements read no clock."""
    return datetime.now(UTC)
