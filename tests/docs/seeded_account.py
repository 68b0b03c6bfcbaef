"""An emulated account as the documentation's readers have it: dev and prod, and a cluster to adopt."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.testing.requests import (
    ACCOUNT_ID,
    REGION,
    ROTATION_CODE,
    create_function,
    create_role,
    create_security_group,
    instance_request,
    serverless_cluster_request,
    subnet_group_request,
    subnets_of,
)
from tools.repository import ROOT

CONTRACT = ROOT / "tests/components/aurora_data_platform/golden"
EXISTING = "existing-cluster"
PASSWORD = {"username": "dbadmin", "password": "correct-horse-battery", "port": 5432}

ROTATION_SECONDS = 30.0
SETUP = """
def handle(event, context):
    assert event["Mode"] in {"check", "plan"}, event
    return {"changed": [], "warnings": [], "remaining": []}
"""
"""A setup without a database."""

Clients = Callable[[str], Any]


@dataclass(frozen=True)
class Platform:
    """What the outputs of a deployed stack name."""

    cluster: str
    secret: str
    key: str
    function: str
    setup: str
    dead_letters: str
    security_group: str


@dataclass(frozen=True)
class Account:
    """The platforms, and what commands name by a placeholder in capitals."""

    client: Clients
    dev: Platform
    prod: Platform
    placeholders: dict[str, str]


def physical_names(stack: str, kind: str) -> list[str]:
    """Return the names of a stack's resources of a type, as the frozen contract lists them."""
    rows = json.loads((CONTRACT / f"contract.{stack}.json").read_text(encoding="utf-8"))
    return [next(iter(row["physical"].values())) for row in rows if row["type"].endswith(kind)]


def physical_name(stack: str, logical_name: str) -> str:
    """Return the name of one resource of a stack."""
    rows = json.loads((CONTRACT / f"contract.{stack}.json").read_text(encoding="utf-8"))
    (name,) = [row["physical"]["name"] for row in rows if row["name"] == logical_name]
    return name


def seed(client: Clients) -> Account:
    """Create the account's resources over AWS's API."""
    subnets = subnets_of(client("ec2"), "first")
    subnet_ids = [subnet["SubnetId"] for subnet in subnets]
    vpc = subnets[0]["VpcId"]
    dev, prod = (_create_platform(client, stack, subnet_ids, vpc) for stack in ("dev", "prod"))
    rds = client("rds")
    existing = serverless_cluster_request(
        EXISTING,
        DBSubnetGroupName="dev-aurora-subnet-group-ue2",
        StorageEncrypted=True,
        KmsKeyId=dev.key,
        DatabaseName="existing",
        ManageMasterUserPassword=True,
    )
    del existing["MasterUserPassword"]
    rds.create_db_cluster(**existing)
    rds.create_db_instance(**instance_request(f"{EXISTING}-1", EXISTING))
    rds.create_db_cluster_snapshot(
        DBClusterIdentifier=prod.cluster, DBClusterSnapshotIdentifier="prod-final"
    )
    for platform in (dev, prod):
        _wait_until_rotated(client("secretsmanager"), platform.secret)
    placeholders = {
        "EXISTING": EXISTING,
        "EXISTING_INSTANCE": f"{EXISTING}-1",
        "KEY_ARN": prod.key,
        "SNAPSHOT": "prod-final",
        "SUBNET_1": subnet_ids[0],
        "SUBNET_2": subnet_ids[1],
    }
    return Account(client, dev, prod, placeholders)


def _create_platform(client: Clients, stack: str, subnet_ids: list[str], vpc: str) -> Platform:
    (cluster,) = physical_names(stack, ":Cluster")
    key = client("kms").create_key(Description=cluster)["KeyMetadata"]["Arn"]
    group = create_security_group(client("ec2"), f"{stack}-rds-aurora-sg-ue2", vpc)
    _create_clients_group(client, stack, vpc, group)
    _create_cluster(client, stack, cluster, key, subnet_ids)
    queue, function = _create_rotation_function(client, stack)
    setup = physical_name(stack, "aurora-setup-function")
    create_function(client, setup, SETUP)
    secret = _create_secret(client, stack, key, function)
    _create_alarms(client, stack)
    _create_logs(client, stack)
    client("kms").create_grant(
        KeyId=key,
        GranteePrincipal=f"arn:aws:iam::{ACCOUNT_ID}:root",
        Operations=["Decrypt"],
    )
    return Platform(cluster, secret, key, function, setup, queue, group)


def _create_clients_group(client: Clients, stack: str, vpc: str, database_group: str) -> None:
    tasks = create_security_group(client("ec2"), f"{stack}-ecs-container-sg-ue2", vpc)
    rule: dict[str, Any] = {
        "IpProtocol": "tcp",
        "FromPort": 5432,
        "ToPort": 5432,
        "UserIdGroupPairs": [{"GroupId": database_group}],
    }
    client("ec2").authorize_security_group_ingress(GroupId=tasks, IpPermissions=[rule])
    client("ec2").authorize_security_group_egress(GroupId=tasks, IpPermissions=[rule])


def _create_cluster(
    client: Clients, stack: str, cluster: str, key: str, subnet_ids: list[str]
) -> None:
    rds = client("rds")
    (subnet_group,) = physical_names(stack, ":SubnetGroup")
    rds.create_db_subnet_group(**subnet_group_request(subnet_group, *subnet_ids))
    rds.create_db_cluster(
        **serverless_cluster_request(
            cluster,
            DBSubnetGroupName=subnet_group,
            StorageEncrypted=True,
            KmsKeyId=key,
            Tags=[{"Key": "Environment", "Value": stack}],
        )
    )
    for number in (1, 2):
        rds.create_db_instance(**instance_request(f"{cluster}-{number}", cluster))


def _create_rotation_function(client: Clients, stack: str) -> tuple[str, str]:
    queue_name = physical_name(stack, "aurora-rotation-dead-letters")
    queue = client("sqs").create_queue(QueueName=queue_name)["QueueUrl"]
    client("sqs").send_message(QueueUrl=queue, MessageBody="an event that failed")
    name = physical_name(stack, "aurora-rotation-function")
    function = create_function(
        client,
        name,
        ROTATION_CODE,
        DeadLetterConfig={"TargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue_name}"},
    )
    client("lambda").add_permission(
        FunctionName=name,
        StatementId="SecretsManagerRotates",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceAccount=ACCOUNT_ID,
    )
    return queue, function


def _create_secret(client: Clients, stack: str, key: str, function: str) -> str:
    (name,) = physical_names(stack, ":Secret")
    secrets = client("secretsmanager")
    secret = secrets.create_secret(Name=name, SecretString=json.dumps(PASSWORD), KmsKeyId=key)
    secrets.update_secret_version_stage(
        SecretId=name, VersionStage="PULUMI_INITIAL", MoveToVersionId=secret["VersionId"]
    )
    secrets.rotate_secret(
        SecretId=name, RotationLambdaARN=function, RotationRules={"AutomaticallyAfterDays": 30}
    )
    arn: str = secret["ARN"]
    return arn


def _wait_until_rotated(secrets: Any, name: str) -> None:
    deadline = time.monotonic() + ROTATION_SECONDS
    while not secrets.describe_secret(SecretId=name).get("LastRotatedDate"):
        assert time.monotonic() < deadline, f"{name} was not rotated"
        time.sleep(0.05)


def _create_alarms(client: Clients, stack: str) -> None:
    cloudwatch = client("cloudwatch")
    for name in physical_names(stack, ":MetricAlarm"):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="AWS/RDS",
            MetricName="CPUUtilization",
            Statistic="Average",
            ComparisonOperator="GreaterThanThreshold",
            Threshold=80,
            EvaluationPeriods=1,
            Period=60,
        )
    (critical,) = physical_names(stack, ":CompositeAlarm")
    rule = f'ALARM("{physical_names(stack, ":MetricAlarm")[0]}")'
    cloudwatch.put_composite_alarm(AlarmName=critical, AlarmRule=rule)
    alarmed = next(
        name for name in physical_names(stack, ":MetricAlarm") if "connections-exhausted" in name
    )
    cloudwatch.set_alarm_state(
        AlarmName=alarmed, StateValue="ALARM", StateReason="Threshold crossed"
    )


def _create_logs(client: Clients, stack: str) -> None:
    logs = client("logs")
    for group in [*physical_names(stack, ":LogGroup"), "RDSOSMetrics"]:
        known = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        if not known:
            logs.create_log_group(logGroupName=group)
            logs.create_log_stream(logGroupName=group, logStreamName="stream")
            event = {"timestamp": int(time.time() * 1000), "message": '{"event": "step_failed"}'}
            logs.put_log_events(logGroupName=group, logStreamName="stream", logEvents=[event])


def create_interface(account: Account) -> None:
    """Create a network interface as Lambda describes those of the rotation function."""
    account.client("ec2").create_network_interface(
        SubnetId=account.placeholders["SUBNET_1"],
        Description="AWS Lambda VPC ENI-dev-aurora-rotation-ue2-0badcafe",
    )


def stop_cluster(account: Account) -> None:
    """Stop prod's cluster."""
    account.client("rds").stop_db_cluster(DBClusterIdentifier=account.prod.cluster)


def disable_key(account: Account) -> None:
    """Disable prod's key."""
    account.client("kms").disable_key(KeyId=account.prod.key)


def schedule_key_deletion(account: Account) -> None:
    """Schedule the deletion of prod's key."""
    account.client("kms").schedule_key_deletion(KeyId=account.prod.key, PendingWindowInDays=30)


def delete_secret(account: Account) -> None:
    """Put prod's secret into its recovery window."""
    account.client("secretsmanager").delete_secret(SecretId=account.prod.secret)


def delete_cluster(account: Account, platform: Platform) -> None:
    """Delete a platform's cluster, as `pulumi destroy` does."""
    rds = account.client("rds")
    for number in (1, 2):
        rds.delete_db_instance(DBInstanceIdentifier=f"{platform.cluster}-{number}")
    rds.delete_db_cluster(DBClusterIdentifier=platform.cluster, SkipFinalSnapshot=True)


def leave_half_restored(account: Account) -> None:
    """Leave a protected cluster of a second platform, without instances."""
    account.client("rds").restore_db_cluster_to_point_in_time(
        DBClusterIdentifier="prod-restored-cluster-ue2",
        SourceDBClusterIdentifier=account.prod.cluster,
        UseLatestRestorableTime=True,
        DeletionProtection=True,
    )


def take_over_secret(account: Account) -> None:
    """Leave dev's secret as another tool created it: without the platform's label."""
    secrets = account.client("secretsmanager")
    stages = secrets.describe_secret(SecretId=account.dev.secret)["VersionIdsToStages"]
    (labelled,) = [each for each in stages if "PULUMI_INITIAL" in stages[each]]
    secrets.update_secret_version_stage(
        SecretId=account.dev.secret, VersionStage="PULUMI_INITIAL", RemoveFromVersionId=labelled
    )


def make_room_for_adoption(account: Account) -> None:
    """Delete dev's cluster, whose name the adopted cluster receives."""
    delete_cluster(account, account.dev)


def let_rds_manage_password(account: Account) -> None:
    """Let RDS manage the master password of dev's cluster, without a secret of the platform."""
    rds, secrets = account.client("rds"), account.client("secretsmanager")
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=account.dev.cluster)["DBClusters"]
    if "MasterUserSecret" not in cluster:
        rds.modify_db_cluster(
            DBClusterIdentifier=account.dev.cluster, ManageMasterUserPassword=True
        )
    secrets.delete_secret(SecretId=account.dev.secret, ForceDeleteWithoutRecovery=True)


def back_up(account: Account) -> None:
    """Create the vault and the role of prod's backup plan, and a recovery point."""
    backup, vault = account.client("backup"), "prod-aurora-backups-ue2"
    if backup.list_backup_vaults()["BackupVaultList"]:
        return
    role = create_role(account.client("iam"), "prod-aurora-backup-role-ue2", "backup.amazonaws.com")
    backup.create_backup_vault(BackupVaultName=vault, EncryptionKeyArn=account.prod.key)
    backup.start_backup_job(
        BackupVaultName=vault,
        ResourceArn=f"arn:aws:rds:{REGION}:{ACCOUNT_ID}:cluster:{account.prod.cluster}",
        IamRoleArn=role,
    )


def fail_backup(account: Account) -> None:
    """Let the last job of prod's backup plan fail, because of a lock that is removed afterwards."""
    backup, vault = account.client("backup"), "prod-aurora-backups-ue2"
    done = backup.list_backup_jobs(ByBackupVaultName=vault)["BackupJobs"][0]
    backup.put_backup_vault_lock_configuration(BackupVaultName=vault, MinRetentionDays=30)
    backup.start_backup_job(
        BackupVaultName=vault,
        ResourceArn=done["ResourceArn"],
        IamRoleArn=done["IamRoleArn"],
        Lifecycle={"DeleteAfterDays": 7},
    )
    backup.delete_backup_vault_lock_configuration(BackupVaultName=vault)


PREPARATIONS: dict[str, Callable[[Account], None]] = {
    "rds start-db-cluster": stop_cluster,
    "kms enable-key ": disable_key,
    "kms cancel-key-deletion": schedule_key_deletion,
    "restore-secret": delete_secret,
    "prod-restored-cluster-ue2 --no-deletion-protection": leave_half_restored,
    "--new-db-cluster-identifier dev-": make_room_for_adoption,
    "backups-ue2": back_up,
    "list-backup-jobs": fail_backup,
    "--no-manage-master-user-password": let_rds_manage_password,
    "cancel-rotate-secret": take_over_secret,
    "describe-network-interfaces": create_interface,
}
"""How to reach the state that a command is for, by a part of the command."""
