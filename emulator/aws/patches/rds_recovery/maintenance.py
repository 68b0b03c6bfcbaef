"""Pending maintenance."""

from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations


@patch_operations(
    "rds:DescribePendingMaintenanceActions",
    moto_behaviour="not implemented",
    aws="lists the resources that have at least one pending action; AWS alone decides when there "
    "is one, so in this emulator none ever is",
    source="RDS API reference, DescribePendingMaintenanceActions",
    test="rds_recovery/test_maintenance::test_no_maintenance_is_pending_for_a_new_cluster",
)
def describe_pending_maintenance(call: Call, proceed: Proceed) -> Answer:
    """Return an empty list."""
    del call, proceed
    return answer({"PendingMaintenanceActions": []})
