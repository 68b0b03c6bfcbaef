"""Master passwords that RDS manages in Secrets Manager."""

import json
import secrets

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.errors import reject_combination, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_TEST = "rds/test_managed_passwords"
_MANAGE, _PASSWORD = "ManageMasterUserPassword", "MasterUserPassword"


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="a master password that RDS manages can be set; the management can end without "
    "a new one, or end where there is none",
    aws="InvalidParameterValue, or InvalidParameterCombination; nothing changes",
    source="RDS API reference, ModifyDBCluster, ManageMasterUserPassword and MasterUserPassword; "
    "messages: hashicorp/terraform-provider-aws, issue 31179 and pull request 49000; "
    "terraform-aws-modules/terraform-aws-rds-aurora, issue 370",
    test=f"{_TEST}::test_a_password_is_set_only_where_rds_does_not_manage_it",
)
def validate_managed_password(call: Call, proceed: Proceed) -> Answer:
    """Validate what a modification does to the management."""
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"]]
    manage, is_managed = call.params.get(_MANAGE), _is_managed(cluster)
    if manage is False and not is_managed:
        reject_combination(
            f"You cannot set {_MANAGE} to false because the master user password is not currently "
            "managed by RDS."
        )
    if manage is False and _PASSWORD not in call.params:
        reject_combination(f"{_PASSWORD} must be provided when {_MANAGE} is set to false.")
    if manage is None and is_managed and _PASSWORD in call.params:
        reject_value(f"You can't specify {_PASSWORD} for an instance with {_MANAGE} enabled.")
    return proceed()


@patch_operations(
    "rds:CreateDBCluster",
    "rds:ModifyDBCluster",
    moto_behaviour="the secret that RDS manages has the user `admin` and always the same password",
    aws="it has the master user and a generated password, which opens the database",
    source="Aurora user guide, Password management with Amazon Aurora and AWS Secrets Manager",
    test=f"{_TEST}::test_the_secret_that_rds_manages_opens_the_database",
)
def generate_managed_password(call: Call, proceed: Proceed) -> Answer:
    """Write the secret that moto created, and set its password in the database."""
    result = proceed()
    if not call.params.get(_MANAGE):
        return result
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"].lower()]
    master, password = str(cluster.master_username), generated_password()
    (version,) = cluster.master_user_secret.secret.versions.values()
    version["secret_string"] = json.dumps({"username": master, "password": password})
    servers = databases.current()
    if servers is not None:
        servers.set_password(cluster.db_cluster_identifier, master, password)
    return result


def generated_password() -> str:
    """Return a new password, without the characters that RDS rejects."""
    return secrets.token_urlsafe(21)


def _is_managed(cluster: DBCluster) -> bool:
    return bool(getattr(cluster, "manage_master_user_password", False))
