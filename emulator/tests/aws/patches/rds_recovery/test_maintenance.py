from typing import Any

import pytest

from emulator.testing.requests import serverless_cluster_request

pytestmark = pytest.mark.emulator


def test_no_maintenance_is_pending_for_a_new_cluster(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    assert rds.describe_pending_maintenance_actions()["PendingMaintenanceActions"] == []
