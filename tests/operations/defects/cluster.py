"""Defects of the cluster and its instances."""

import json
from typing import Any

from tests.operations.defects.deployed import CLUSTER, CONNECTING, INSTANCE, Defect, Deployed


def _zone(deployed: Deployed) -> str:
    return deployed.first_instance()["AvailabilityZone"]


def other_zone(deployed: Deployed) -> str:
    return next(z for z in deployed.declared["availabilityZones"] if z != _zone(deployed))


def _declare_second(outputs: dict[str, Any]) -> None:
    outputs["declaredState"]["instanceIdentifiers"].append(f"{CLUSTER}-2")


def delete_instance(deployed: Deployed) -> None:
    deployed.found["instance"] = deployed.first_instance()
    deployed.delete_instance(1)


def _create_instance(deployed: Deployed) -> None:
    like = deployed.found["instance"]
    deployed.instance(1, like["AvailabilityZone"], like)


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


DEFECTS = (
    Defect(
        "the cluster is stopped",
        {"cluster-available": "stopped"},
        lambda d: d.client("rds").stop_db_cluster(DBClusterIdentifier=CLUSTER),
        lambda d: d.client("rds").start_db_cluster(DBClusterIdentifier=CLUSTER),
    ),
    Defect(
        "the declared version is newer",
        {"engine-version": "17.4"},
        declares=lambda o: o["declaredState"].update(engineVersion="17.9"),
    ),
    Defect(
        "the maximum capacity is lowered",
        {"capacity-limits": "0.5 to 4 ACU"},
        lambda d: d.modify(ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4}),
        lambda d: d.modify(
            ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 128}
        ),
    ),
    Defect(
        "a declared instance is lost",
        {"instances-available": f"{INSTANCE}=db.serverless available"},
        declares=_declare_second,
    ),
    Defect(
        "an instance is added by hand",
        {"instances-available": f"{CLUSTER}-2=db.serverless available"},
        lambda d: d.instance(2, other_zone(d)),
        lambda d: d.delete_instance(2),
    ),
    Defect(
        "automatic minor upgrades of the cluster are turned off",
        {"automatic-minor-upgrades": "cluster=off"},
        lambda d: d.modify(AutoMinorVersionUpgrade=False),
        lambda d: d.modify(AutoMinorVersionUpgrade=True),
    ),
    Defect(
        "automatic minor upgrades of an instance are turned off",
        {"automatic-minor-upgrades": f"{INSTANCE}=off"},
        lambda d: d.modify_instance(AutoMinorVersionUpgrade=False),
        lambda d: d.modify_instance(AutoMinorVersionUpgrade=True),
    ),
    Defect(
        "two instances share a zone",
        {"instances-zones": "1"},
        lambda d: d.instance(2, _zone(d)),
        lambda d: d.delete_instance(2),
        declares=_declare_second,
    ),
    Defect(
        "an instance is made public",
        {"not-public": INSTANCE},
        lambda d: d.modify_instance(PubliclyAccessible=True),
        lambda d: d.modify_instance(PubliclyAccessible=False),
    ),
    Defect(
        "the only instance is deleted",
        {"instances-available": "none"},
        delete_instance,
        _create_instance,
        unknown=CONNECTING,
    ),
    Defect(
        "deletion protection is changed",
        {"deletion-protection": "on"},
        lambda d: d.modify(DeletionProtection=True),
        lambda d: d.modify(DeletionProtection=False),
    ),
    Defect(
        "IAM authentication is turned off",
        {"iam-authentication": "off"},
        lambda d: d.modify(EnableIAMDatabaseAuthentication=False),
        lambda d: d.modify(EnableIAMDatabaseAuthentication=True),
    ),
    Defect(
        "a role is associated by hand",
        {"associated-roles": "s3Export: arn:aws:iam::123456789012:role/by-hand ACTIVE"},
        _associate_role,
        _remove_role,
    ),
)
