"""Outputs of a stack, as `pulumi stack output --json` prints them."""

from typing import Any

CLUSTER = "dev-aurora-cluster-ue2"
ACCOUNT = "123456789012"

OUTPUTS: dict[str, Any] = {
    "clusterArn": f"arn:aws:rds:us-east-2:{ACCOUNT}:cluster:{CLUSTER}",
    "clusterIdentifier": CLUSTER,
    "clusterResourceId": "cluster-ABC",
    "clusterEndpoint": "writer.example",
    "readerEndpoint": "reader.example",
    "port": 5432,
    "databaseName": "trialfinder",
    "securityGroupId": "sg-database",
    "masterSecretArn": f"arn:aws:secretsmanager:us-east-2:{ACCOUNT}:secret:/dev/rds/aurora/m-abc",
    "kmsKeyArn": f"arn:aws:kms:us-east-2:{ACCOUNT}:key/1",
    "users": {
        "trialfinder_app": {
            "authentication": "iam",
            "connectPolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/dev-aurora-connect-policy-ue2",
            "secretArn": None,
        }
    },
    "notificationsTopicArn": f"arn:aws:sns:us-east-2:{ACCOUNT}:dev-aurora-notifications-ue2",
    "declaredState": {
        "version": 1,
        "environment": "dev",
        "protected": False,
        "engineVersion": "17.4",
        "autoMinorVersionUpgrade": True,
        "minCapacity": 0.5,
        "maxCapacity": 128,
        "storageType": "aurora",
        "acuHourlyPriceUsd": 0.12,
        "instanceIdentifiers": [f"{CLUSTER}-1"],
        "availabilityZones": ["us-east-2a", "us-east-2b"],
        "subnetGroupName": "dev-aurora-subnet-group-ue2",
        "subnetIds": ["subnet-a", "subnet-b"],
        "parameterGroupName": "dev-aurora-postgresql17-ue2",
        "parameters": {"rds.force_ssl": "1", "work_mem": "4096"},
        "backupRetentionDays": 7,
        "backupWindow": "03:00-04:00",
        "maintenanceWindow": "sun:04:00-sun:05:00",
        "deletionProtection": False,
        "logGroupNames": {"postgresql": f"/aws/rds/cluster/{CLUSTER}/postgresql"},
        "logRetentionDays": 30,
        "performanceInsights": True,
        "performanceInsightsRetentionDays": 7,
        "monitoringIntervalSeconds": 60,
        "alarmNames": [f"{CLUSTER}-critical"],
        "notificationEmails": [],
        "clientSecurityGroupIds": ["sg-ecs", "sg-rotation"],
        "taskRoleNames": {"trialfinder_app": ["task"]},
        "executionRoleName": "execution",
        "createsKey": True,
        "masterUsername": "aurora_master",
        "rotationDays": 30,
        "rotationWindowHours": 3,
        "pinnedVersionStage": "PULUMI_INITIAL",
        "setupFunctionName": "dev-aurora-setup-ue2",
    },
}
