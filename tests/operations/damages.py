"""Damages of a deployed dev stack, done by hand, and the checks that must notice each."""

import copy
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from operations.checks.catalogue import checks

CLUSTER = "dev-aurora-cluster-ue2"
INSTANCE = f"{CLUSTER}-1"
GROUP = "dev-aurora-postgresql17-ue2"
USER = "trialfinder_app"
TASK_ROLE = "dev-trialfinder-ecs-task-role"
EXECUTION_ROLE = "dev-trialfinder-ecs-execution-role"
SHARED_KEY = "alias/shared-database"
POSTGRESQL_LOG = f"/aws/rds/cluster/{CLUSTER}/postgresql"


@dataclass
class Deployed:
    """A deployed stack in the hands of somebody who changes it."""

    client: Callable[[str], Any]
    outputs: dict[str, Any]
    superuser: Callable[[], AbstractContextManager[psycopg.Connection]]
    found: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def declared(self) -> dict[str, Any]:
        return self.outputs["declaredState"]

    @property
    def secret(self) -> str:
        return self.outputs["masterSecretArn"]

    def cluster(self) -> dict[str, Any]:
        return self.client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]

    def modify(self, **members: Any) -> None:
        self.client("rds").modify_db_cluster(
            DBClusterIdentifier=CLUSTER, ApplyImmediately=True, **members
        )

    def modify_instance(self, **members: Any) -> None:
        self.client("rds").modify_db_instance(DBInstanceIdentifier=INSTANCE, **members)

    def parameter(self, name: str, value: str, method: str) -> None:
        row = {"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}
        self.client("rds").modify_db_cluster_parameter_group(
            DBClusterParameterGroupName=GROUP, Parameters=[row]
        )

    def reset(self, name: str) -> None:
        self.client("rds").reset_db_cluster_parameter_group(
            DBClusterParameterGroupName=GROUP,
            Parameters=[{"ParameterName": name, "ApplyMethod": "pending-reboot"}],
        )
        self.client("rds").reboot_db_instance(DBInstanceIdentifier=INSTANCE)

    def stages(self) -> dict[str, str]:
        described = self.client("secretsmanager").describe_secret(SecretId=self.secret)
        return {
            stage: version
            for version, stages in described["VersionIdsToStages"].items()
            for stage in stages
        }

    def move(self, stage: str, target: str | None, source: str | None) -> None:
        members = {"MoveToVersionId": target, "RemoveFromVersionId": source}
        self.client("secretsmanager").update_secret_version_stage(
            SecretId=self.secret,
            VersionStage=stage,
            **{name: value for name, value in members.items() if value},
        )

    def first_instance(self) -> dict[str, Any]:
        (row,) = self.client("rds").describe_db_instances(DBInstanceIdentifier=INSTANCE)[
            "DBInstances"
        ]
        return row

    def instance(self, number: int, zone: str, like: dict[str, Any] | None = None) -> None:
        """Add an instance like another; by default like the first one."""
        like = like or self.first_instance()
        self.client("rds").create_db_instance(
            DBInstanceIdentifier=f"{CLUSTER}-{number}",
            DBClusterIdentifier=CLUSTER,
            DBInstanceClass="db.serverless",
            Engine="aurora-postgresql",
            AvailabilityZone=zone,
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId=like["PerformanceInsightsKMSKeyId"],
            PerformanceInsightsRetentionPeriod=like["PerformanceInsightsRetentionPeriod"],
            MonitoringInterval=like["MonitoringInterval"],
            MonitoringRoleArn=like["MonitoringRoleArn"],
            PubliclyAccessible=False,
        )

    def delete_instance(self, number: int) -> None:
        self.client("rds").delete_db_instance(DBInstanceIdentifier=f"{CLUSTER}-{number}")


Step = Callable[[Deployed], object]


@dataclass(frozen=True)
class Damage:
    """A damage.

    Attributes:
        title: What somebody has done.
        do: Does it.
        undo: Undoes it.
        fails: The checks that fail, and what each one finds (a part of the text).
        warns: The same for warnings.
        unknown: Checks that cannot be judged meanwhile.
        declares: Changes the outputs instead of the account.
    """

    title: str
    fails: dict[str, str]
    do: Step = lambda _: None
    undo: Step = lambda _: None
    warns: dict[str, str] = field(default_factory=dict[str, str])
    unknown: frozenset[str] = frozenset()
    declares: Callable[[dict[str, Any]], object] = lambda _: None

    def outputs(self, deployed: Deployed) -> dict[str, Any]:
        changed = copy.deepcopy(deployed.outputs)
        self.declares(changed)
        return changed


def _zone(deployed: Deployed) -> str:
    return deployed.first_instance()["AvailabilityZone"]


def _other_zone(deployed: Deployed) -> str:
    return next(z for z in deployed.declared["availabilityZones"] if z != _zone(deployed))


def _declare_second(outputs: dict[str, Any]) -> None:
    outputs["declaredState"]["instanceIdentifiers"].append(f"{CLUSTER}-2")


def _set_subnets(deployed: Deployed, without: str = "") -> None:
    """Set the subnets of the group, without those of one zone."""
    subnets = deployed.client("ec2").describe_subnets(SubnetIds=deployed.declared["subnetIds"])
    deployed.client("rds").modify_db_subnet_group(
        DBSubnetGroupName="dev-aurora-subnet-group-ue2",
        SubnetIds=[
            each["SubnetId"] for each in subnets["Subnets"] if each["AvailabilityZone"] != without
        ],
    )


_ANYWHERE = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432}


def _open(deployed: Deployed) -> None:
    deployed.client("ec2").authorize_security_group_ingress(
        GroupId=deployed.outputs["securityGroupId"],
        IpPermissions=[{**_ANYWHERE, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )


def _close(deployed: Deployed) -> None:
    deployed.client("ec2").revoke_security_group_ingress(
        GroupId=deployed.outputs["securityGroupId"],
        IpPermissions=[{**_ANYWHERE, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )


def _client_rule(deployed: Deployed, change: str) -> None:
    pair = {"GroupId": deployed.declared["clientSecurityGroupIds"][0]}
    getattr(deployed.client("ec2"), f"{change}_security_group_ingress")(
        GroupId=deployed.outputs["securityGroupId"],
        IpPermissions=[{**_ANYWHERE, "UserIdGroupPairs": [pair]}],
    )


def _groups(deployed: Deployed, *more: str) -> None:
    deployed.modify(VpcSecurityGroupIds=[deployed.outputs["securityGroupId"], *more])


def _policy_version(deployed: Deployed, resource: str) -> None:
    iam, arn = deployed.client("iam"), deployed.outputs["users"][USER]["connectPolicyArn"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
    (statement,) = document["Statement"]
    changed = {**statement, "Resource": [statement["Resource"], resource]}
    iam.create_policy_version(
        PolicyArn=arn,
        PolicyDocument=json.dumps({**document, "Statement": [changed]}),
        SetAsDefault=True,
    )


def _restore_policy(deployed: Deployed) -> None:
    iam, arn = deployed.client("iam"), deployed.outputs["users"][USER]["connectPolicyArn"]
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")


def _inline(deployed: Deployed, resource: str) -> None:
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    deployed.client("iam").put_role_policy(
        RoleName=TASK_ROLE,
        PolicyName="by-hand",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def _drop_inline(deployed: Deployed) -> None:
    deployed.client("iam").delete_role_policy(RoleName=TASK_ROLE, PolicyName="by-hand")


def _replace_attachment(deployed: Deployed) -> None:
    arn, o = deployed.outputs["users"][USER]["connectPolicyArn"], deployed.outputs
    resource = f"arn:aws:rds-db:*:*:dbuser:{o['clusterResourceId']}/{USER}"
    _inline(deployed, resource)
    deployed.client("iam").detach_role_policy(RoleName=TASK_ROLE, PolicyArn=arn)


def _attach_again(deployed: Deployed) -> None:
    arn = deployed.outputs["users"][USER]["connectPolicyArn"]
    deployed.client("iam").attach_role_policy(RoleName=TASK_ROLE, PolicyArn=arn)
    _drop_inline(deployed)


def _detach_secret_policy(deployed: Deployed) -> None:
    iam = deployed.client("iam")
    (row,) = iam.list_attached_role_policies(RoleName=EXECUTION_ROLE)["AttachedPolicies"]
    deployed.found["policy"] = row["PolicyArn"]
    iam.detach_role_policy(RoleName=EXECUTION_ROLE, PolicyArn=row["PolicyArn"])


def _attach_secret_policy(deployed: Deployed) -> None:
    deployed.client("iam").attach_role_policy(
        RoleName=EXECUTION_ROLE, PolicyArn=deployed.found["policy"]
    )


def delete_instance(deployed: Deployed) -> None:
    deployed.found["instance"] = deployed.first_instance()
    deployed.delete_instance(1)


def _create_instance(deployed: Deployed) -> None:
    like = deployed.found["instance"]
    deployed.instance(1, like["AvailabilityZone"], like)


def delete_secret(deployed: Deployed) -> None:
    deployed.client("secretsmanager").delete_secret(SecretId=deployed.secret)


def restore_secret(deployed: Deployed) -> None:
    deployed.client("secretsmanager").restore_secret(SecretId=deployed.secret)


def delete_log_group(deployed: Deployed) -> None:
    deployed.client("logs").delete_log_group(logGroupName=POSTGRESQL_LOG)


def _create_log_group(deployed: Deployed) -> None:
    logs = deployed.client("logs")
    logs.create_log_group(logGroupName=POSTGRESQL_LOG, kmsKeyId=deployed.outputs["kmsKeyArn"])
    logs.put_retention_policy(logGroupName=POSTGRESQL_LOG, retentionInDays=30)


def delete_topic(deployed: Deployed) -> None:
    sns, arn = deployed.client("sns"), deployed.outputs["notificationsTopicArn"]
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    deployed.found["topic"] = {name: attributes[name] for name in ("Policy", "KmsMasterKeyId")}
    sns.delete_topic(TopicArn=arn)


def _create_topic(deployed: Deployed) -> None:
    name = deployed.outputs["notificationsTopicArn"].rpartition(":")[2]
    deployed.client("sns").create_topic(Name=name, Attributes=deployed.found["topic"])


DELETIONS = (delete_instance, delete_secret, delete_log_group, delete_topic)
"""What somebody deletes by hand and a deployment creates again; a secret is restored."""

ALARM = f"{CLUSTER}-connections-exhausted"


def _delete_alarm(deployed: Deployed) -> None:
    cloudwatch = deployed.client("cloudwatch")
    (row,) = cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
    read_only = ("AlarmArn", "AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp")
    state = [name for name in row if name.startswith("State") and name != "Statistic"]
    deployed.found["alarm"] = {
        name: value for name, value in row.items() if name not in (*read_only, *state)
    }
    cloudwatch.delete_alarms(AlarmNames=[ALARM])


def _subscribe(deployed: Deployed) -> None:
    deployed.client("sns").subscribe(
        TopicArn=deployed.outputs["notificationsTopicArn"],
        Protocol="email",
        Endpoint="on-call@example.com",
    )


def _unfinished(deployed: Deployed) -> None:
    secrets = deployed.client("secretsmanager")
    value = secrets.get_secret_value(SecretId=deployed.secret)["SecretString"]
    secrets.put_secret_value(
        SecretId=deployed.secret,
        SecretString=json.dumps({**json.loads(value), "password": "never-set-in-the-database"}),
        VersionStages=["AWSPENDING"],
    )


def _pending_gone(deployed: Deployed) -> None:
    deployed.move("AWSPENDING", None, deployed.stages()["AWSPENDING"])


def _wrong_content(deployed: Deployed) -> None:
    secrets = deployed.client("secretsmanager")
    deployed.found["stages"] = deployed.stages()
    value = secrets.get_secret_value(SecretId=deployed.secret)["SecretString"]
    secrets.put_secret_value(
        SecretId=deployed.secret,
        SecretString=json.dumps({**json.loads(value), "dbname": "another"}),
        VersionStages=["AWSCURRENT"],
    )


def _stages_back(deployed: Deployed) -> None:
    before, now = deployed.found["stages"], deployed.stages()
    deployed.move("AWSCURRENT", before["AWSCURRENT"], now["AWSCURRENT"])
    now = deployed.stages()
    if now["AWSPREVIOUS"] != before["AWSPREVIOUS"]:
        deployed.move("AWSPREVIOUS", before["AWSPREVIOUS"], now["AWSPREVIOUS"])


def _label_back(deployed: Deployed) -> None:
    deployed.found["stages"] = stages = deployed.stages()
    deployed.move("AWSCURRENT", stages["AWSPREVIOUS"], stages["AWSCURRENT"])


def _unpin(deployed: Deployed) -> None:
    deployed.found["pinned"] = deployed.stages()["PULUMI_INITIAL"]
    deployed.move("PULUMI_INITIAL", None, deployed.found["pinned"])


def _old_password(deployed: Deployed) -> None:
    """Give the master user, in the database, the password of the previous version as well."""
    secrets = deployed.client("secretsmanager")
    stages = deployed.found["stages"] = deployed.stages()
    current = json.loads(secrets.get_secret_value(SecretId=deployed.secret)["SecretString"])
    previous = json.loads(
        secrets.get_secret_value(SecretId=deployed.secret, VersionStage="AWSPREVIOUS")[
            "SecretString"
        ]
    )
    assert stages["AWSPREVIOUS"] != stages["AWSCURRENT"]
    deployed.modify(MasterUserPassword=previous["password"])
    deployed.found["password"] = current["password"]


def _other_group(deployed: Deployed) -> None:
    rds = deployed.client("rds")
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="by-hand",
        DBParameterGroupFamily="aurora-postgresql17",
        Description="By hand",
    )
    deployed.modify(DBClusterParameterGroupName="by-hand")


def _own_group(deployed: Deployed) -> None:
    deployed.modify(DBClusterParameterGroupName=GROUP)
    deployed.client("rds").delete_db_cluster_parameter_group(DBClusterParameterGroupName="by-hand")


def _foreign_snapshot(deployed: Deployed) -> None:
    rds = deployed.client("rds")
    rds.create_db_cluster_snapshot(
        DBClusterIdentifier=CLUSTER, DBClusterSnapshotIdentifier="by-hand"
    )
    key = deployed.client("kms").describe_key(KeyId=SHARED_KEY)["KeyMetadata"]["Arn"]
    rds.copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier="by-hand",
        TargetDBClusterSnapshotIdentifier="by-hand-copy",
        KmsKeyId=key,
    )


def _associate_role(deployed: Deployed) -> None:
    service = {"Effect": "Allow", "Principal": {"Service": "rds.amazonaws.com"}}
    role = deployed.client("iam").create_role(
        RoleName="by-hand",
        AssumeRolePolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{**service, "Action": "sts:AssumeRole"}]}
        ),
    )["Role"]["Arn"]
    deployed.found["role"] = role
    deployed.client("rds").add_role_to_db_cluster(
        DBClusterIdentifier=CLUSTER, RoleArn=role, FeatureName="s3Export"
    )


def _remove_role(deployed: Deployed) -> None:
    deployed.client("rds").remove_role_from_db_cluster(
        DBClusterIdentifier=CLUSTER, RoleArn=deployed.found["role"], FeatureName="s3Export"
    )
    deployed.client("iam").delete_role(RoleName="by-hand")


def declare_backups(outputs: dict[str, Any]) -> None:
    outputs["declaredState"]["backupPlan"] = {
        "schedule": "cron(0 5 ? * * *)",
        "vaultName": "dev-aurora-backups-ue2",
        "windowHours": 25,
    }


def _drop_snapshots(deployed: Deployed) -> None:
    for name in ("by-hand", "by-hand-copy"):
        deployed.client("rds").delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=name)


def _sql(statement: str) -> Step:
    def run(deployed: Deployed) -> None:
        with deployed.superuser() as connection:
            connection.execute(statement.encode())

    return run


_CONNECTING = frozenset(check.id for check in checks() if check.connects)
_NEED_A_LOGIN = frozenset(
    {"parameters-in-force", "parameters-pending", "master-without-iam", "users-declared"}
)
"""Checks that ask the database, which only the current password opens."""

DAMAGES = (
    Damage(
        "the cluster is stopped",
        {"cluster-available": "stopped"},
        lambda d: d.client("rds").stop_db_cluster(DBClusterIdentifier=CLUSTER),
        lambda d: d.client("rds").start_db_cluster(DBClusterIdentifier=CLUSTER),
    ),
    Damage(
        "the declared version is newer",
        {"engine-version": "17.4"},
        declares=lambda o: o["declaredState"].update(engineVersion="17.9"),
    ),
    Damage(
        "the maximum capacity is lowered",
        {"capacity-limits": "0.5 to 4 ACU"},
        lambda d: d.modify(ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4}),
        lambda d: d.modify(
            ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 128}
        ),
    ),
    Damage(
        "a declared instance is lost",
        {"instances-available": f"{INSTANCE}=db.serverless available"},
        declares=_declare_second,
    ),
    Damage(
        "an instance is added by hand",
        {"instances-available": f"{CLUSTER}-2=db.serverless available"},
        lambda d: d.instance(2, _other_zone(d)),
        lambda d: d.delete_instance(2),
    ),
    Damage(
        "two instances share a zone",
        {"instances-zones": "1"},
        lambda d: d.instance(2, _zone(d)),
        lambda d: d.delete_instance(2),
        declares=_declare_second,
    ),
    Damage(
        "a subnet is removed from the group",
        {"subnet-group": "dev-aurora-subnet-group-ue2: subnet-"},
        lambda d: _set_subnets(d, _other_zone(d)),
        _set_subnets,
    ),
    Damage(
        "a second security group is attached",
        {"security-group-attached": "sg-"},
        lambda d: _groups(d, d.declared["clientSecurityGroupIds"][0]),
        _groups,
    ),
    Damage(
        "the port is opened to the internet",
        {"security-group-rules": "ingress tcp 5432 from 0.0.0.0/0"},
        _open,
        _close,
    ),
    Damage(
        "a client's rule is removed",
        {"security-group-rules": "egress tcp 5432 to sg-"},
        lambda d: _client_rule(d, "revoke"),
        lambda d: _client_rule(d, "authorize"),
    ),
    Damage(
        "rotation of the key is disabled",
        {"key-rotation": "off"},
        lambda d: d.client("kms").disable_key_rotation(KeyId=d.outputs["kmsKeyArn"]),
        lambda d: d.client("kms").enable_key_rotation(KeyId=d.outputs["kmsKeyArn"]),
    ),
    Damage(
        "the key is disabled",
        {"key-enabled": "Disabled"},
        lambda d: d.client("kms").disable_key(KeyId=d.outputs["kmsKeyArn"]),
        lambda d: d.client("kms").enable_key(KeyId=d.outputs["kmsKeyArn"]),
    ),
    Damage(
        "deletion protection is changed",
        {"deletion-protection": "on"},
        lambda d: d.modify(DeletionProtection=True),
        lambda d: d.modify(DeletionProtection=False),
    ),
    Damage(
        "IAM authentication is turned off",
        {"iam-authentication": "off"},
        lambda d: d.modify(EnableIAMDatabaseAuthentication=False),
        lambda d: d.modify(EnableIAMDatabaseAuthentication=True),
    ),
    Damage(
        "an inline policy replaces the platform's",
        {"connect-policy-attached": "none"},
        _replace_attachment,
        _attach_again,
    ),
    Damage(
        "the policy covers another cluster too",
        {
            "connect-policy-exact": "trialfinder_app: Allow rds-db:connect "
            "arn:aws:rds-db:us-east-2:1:dbuser:other/*"
        },
        lambda d: _policy_version(d, "arn:aws:rds-db:us-east-2:1:dbuser:other/*"),
        _restore_policy,
    ),
    Damage(
        "an inline policy allows every database user",
        {"connect-sufficient": f"{TASK_ROLE} as aurora_master: allowed"},
        lambda d: _inline(d, "*"),
        _drop_inline,
    ),
    Damage(
        "an instance is made public",
        {"not-public": INSTANCE},
        lambda d: d.modify_instance(PubliclyAccessible=True),
        lambda d: d.modify_instance(PubliclyAccessible=False),
    ),
    Damage(
        "TLS is no longer required",
        {
            "tls-required": "rds.force_ssl = 0",
            "tls-refused-without": "accepted",
            "parameters-in-rds": "rds.force_ssl=0",
        },
        lambda d: d.parameter("rds.force_ssl", "0", "immediate"),
        lambda d: d.parameter("rds.force_ssl", "1", "immediate"),
    ),
    Damage(
        "the only instance is deleted",
        {"instances-available": "none"},
        delete_instance,
        _create_instance,
        unknown=_CONNECTING,
    ),
    Damage(
        "the secret is scheduled for deletion",
        {"secret-present": "scheduled for deletion"},
        delete_secret,
        restore_secret,
        unknown=_CONNECTING | {"secret-format"},
    ),
    Damage(
        "a log group is deleted",
        {"log-groups": "iam-db-auth-error", "logs-received": "does not exist"},
        delete_log_group,
        _create_log_group,
    ),
    Damage(
        "the topic is deleted",
        {"alarm-recipients": "does not exist"},
        delete_topic,
        _create_topic,
    ),
    Damage(
        "Performance Insights is turned off",
        {"performance-insights": f"{INSTANCE}=off"},
        lambda d: d.modify_instance(EnablePerformanceInsights=False),
        lambda d: d.modify_instance(
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId=d.outputs["kmsKeyArn"],
            PerformanceInsightsRetentionPeriod=7,
        ),
    ),
    Damage(
        "Enhanced Monitoring is made coarser",
        {"enhanced-monitoring": f"{INSTANCE}=every 30 s"},
        lambda d: d.modify_instance(MonitoringInterval=30),
        lambda d: d.modify_instance(MonitoringInterval=60),
    ),
    Damage(
        "a log is no longer exported",
        {"log-exports": "postgresql"},
        lambda d: d.modify(
            CloudwatchLogsExportConfiguration={"DisableLogTypes": ["iam-db-auth-error"]}
        ),
        lambda d: d.modify(
            CloudwatchLogsExportConfiguration={"EnableLogTypes": ["iam-db-auth-error"]}
        ),
    ),
    Damage(
        "the retention of a log is shortened",
        {"log-groups": f"{POSTGRESQL_LOG}=1 days"},
        lambda d: d.client("logs").put_retention_policy(
            logGroupName=POSTGRESQL_LOG, retentionInDays=1
        ),
        lambda d: d.client("logs").put_retention_policy(
            logGroupName=POSTGRESQL_LOG, retentionInDays=30
        ),
    ),
    Damage(
        "an alarm is deleted",
        {"alarms-present": "9"},
        _delete_alarm,
        lambda d: d.client("cloudwatch").put_metric_alarm(**d.found["alarm"]),
    ),
    Damage(
        "an alarm is silenced",
        {"alarms-notify": f"not: {ALARM}"},
        lambda d: d.client("cloudwatch").disable_alarm_actions(AlarmNames=[ALARM]),
        lambda d: d.client("cloudwatch").enable_alarm_actions(AlarmNames=[ALARM]),
    ),
    Damage(
        "a recipient has not confirmed",
        {"alarm-recipients": "on-call@example.com=unconfirmed"},
        # SNS does not remove a pending subscription; nobody declares it in other tests.
        _subscribe,
        declares=lambda o: o["declaredState"].update(notificationEmails=["on-call@example.com"]),
    ),
    Damage(
        "a subscription is removed",
        {"alarm-recipients": "team@example.com=not subscribed"},
        declares=lambda o: o["declaredState"].update(notificationEmails=["team@example.com"]),
    ),
    Damage(
        "the trail stops logging",
        {},
        lambda d: d.client("cloudtrail").stop_logging(Name="landing-zone-trail"),
        lambda d: d.client("cloudtrail").start_logging(Name="landing-zone-trail"),
        warns={"rotation-trail": "landing-zone-trail off"},
    ),
    Damage(
        "the backup retention is lowered",
        {"backup-retention": "3 days"},
        lambda d: d.modify(BackupRetentionPeriod=3),
        lambda d: d.modify(BackupRetentionPeriod=7),
    ),
    Damage(
        "the backup window is moved",
        {"backup-windows": "backup=06:00-07:00"},
        lambda d: d.modify(PreferredBackupWindow="06:00-07:00"),
        lambda d: d.modify(PreferredBackupWindow="03:00-04:00"),
    ),
    Damage(
        "the vault of the backup plan is deleted",
        {"recovery-point-recent": "does not exist"},
        declares=declare_backups,
    ),
    Damage(
        "a role is associated by hand",
        {"associated-roles": "s3Export: arn:aws:iam::123456789012:role/by-hand ACTIVE"},
        _associate_role,
        _remove_role,
    ),
    Damage(
        "a snapshot is copied with another key",
        {"snapshots-encrypted": "by-hand-copy: arn:aws:kms"},
        _foreign_snapshot,
        _drop_snapshots,
    ),
    Damage(
        "rotation is disabled",
        {"secret-rotation": "rotation disabled"},
        lambda d: d.client("secretsmanager").cancel_rotate_secret(SecretId=d.secret),
        lambda d: d.client("secretsmanager").rotate_secret(
            SecretId=d.secret,
            RotateImmediately=False,
            RotationRules={"ScheduleExpression": "rate(30 days)", "Duration": "3h"},
        ),
    ),
    Damage(
        "a rotation is unfinished",
        {"secret-labels": "an unfinished rotation to"},
        _unfinished,
        _pending_gone,
    ),
    Damage(
        "the first version is no longer pinned",
        {"secret-first-version": "none"},
        _unpin,
        lambda d: d.move("PULUMI_INITIAL", d.found["pinned"], None),
    ),
    Damage(
        "the secret has another key",
        {"secret-encrypted": SHARED_KEY},
        lambda d: d.client("secretsmanager").update_secret(SecretId=d.secret, KmsKeyId=SHARED_KEY),
        lambda d: d.client("secretsmanager").update_secret(
            SecretId=d.secret, KmsKeyId=d.outputs["kmsKeyArn"]
        ),
    ),
    Damage(
        "the execution role loses its policy",
        {"secret-readable": "implicitDeny"},
        _detach_secret_policy,
        _attach_secret_policy,
    ),
    Damage(
        "the secret's content is edited",
        {"secret-format": "dbname=another"},
        _wrong_content,
        _stages_back,
    ),
    Damage(
        "the label is moved back",
        {"login-current": "refused: password authentication failed"},
        _label_back,
        _stages_back,
        unknown=_NEED_A_LOGIN,
    ),
    Damage(
        "the password is set back in the database",
        {"login-current": "refused: password authentication failed"},
        _old_password,
        lambda d: d.modify(MasterUserPassword=d.found["password"]),
        unknown=_NEED_A_LOGIN,
    ),
    Damage(
        "the cluster uses another parameter group",
        {"parameter-group": "by-hand", "parameters-in-rds": "work_mem="},
        _other_group,
        _own_group,
        warns={"parameters-pending": INSTANCE},
    ),
    Damage(
        "a parameter is changed in RDS",
        {"parameters-in-rds": "work_mem=8192"},
        lambda d: d.parameter("work_mem", "8192", "pending-reboot"),
        lambda d: d.parameter("work_mem", "4096", "immediate"),
        warns={"parameters-pending": INSTANCE},
    ),
    Damage(
        "a static parameter waits for a restart",
        {},
        lambda d: d.parameter("max_worker_processes", "12", "pending-reboot"),
        lambda d: d.reset("max_worker_processes"),
        warns={"parameters-pending": INSTANCE},
    ),
    Damage(
        "a parameter is overridden for the database",
        {"parameters-in-force": "work_mem=65536"},
        _sql("ALTER DATABASE trialfinder SET work_mem = '64MB'"),
        _sql("ALTER DATABASE trialfinder RESET work_mem"),
    ),
    Damage(
        "the master user is granted rds_iam",
        {"master-without-iam": "a member"},
        _sql("GRANT rds_iam TO aurora_master"),
        _sql("REVOKE rds_iam FROM aurora_master"),
    ),
    Damage(
        "the master user is granted an IAM user",
        {"master-without-iam": "a member"},
        _sql("GRANT trialfinder_app TO aurora_master GRANTED BY aurora_master"),
        _sql("REVOKE trialfinder_app FROM aurora_master GRANTED BY aurora_master"),
    ),
    Damage(
        "a declared user cannot log in",
        {"users-declared": "reports=may not log in, missing=does not exist"},
        _sql("CREATE ROLE reports NOLOGIN"),
        _sql("DROP ROLE reports"),
        declares=lambda o: o.update(
            users={"reports": {"authentication": "iam"}, "missing": {"authentication": "iam"}}
        ),
    ),
    Damage(
        "a user may no longer log in",
        {"users-declared": "trialfinder_app=may not log in"},
        _sql("ALTER ROLE trialfinder_app NOLOGIN"),
        _sql("ALTER ROLE trialfinder_app LOGIN"),
    ),
    Damage(
        "a user loses its access",
        {"users-declared": "trialfinder_app=iam"},
        _sql("REVOKE trialfinder_readwrite FROM trialfinder_app GRANTED BY aurora_master"),
        _sql("GRANT trialfinder_readwrite TO trialfinder_app GRANTED BY aurora_master"),
    ),
    Damage(
        "a user may log in with a password",
        {"users-declared": "trialfinder_app=password trialfinder_readwrite"},
        _sql("REVOKE rds_iam FROM trialfinder_app GRANTED BY rds_superuser"),
        _sql("GRANT rds_iam TO trialfinder_app GRANTED BY rds_superuser"),
    ),
    Damage(
        "a documented output is missing",
        {"outputs-complete": "readme is missing"},
        declares=lambda o: o.pop("readme"),
    ),
    Damage(
        "an output is stale",
        {"outputs-current": "readerEndpoint="},
        declares=lambda o: o.update(readerEndpoint="old.example"),
    ),
)

NOT_DAMAGED = {
    "storage-encrypted": "RDS does not change the encryption of a cluster",
    "automated-backups": "Aurora does not turn backups off",
    "restorable-time": "needs a clock",
    "snapshots-present": "needs a clock",
    "secret-rotated": "needs a clock",
    "login-superseded": "a user has one password, so the current one would have to fail too",
}
"""Checks that nobody can break by hand; tests of their judgements break them."""
