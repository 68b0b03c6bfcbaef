"""CloudWatch: dashboards."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json_values
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property


class Dashboard(AwsResource):
    """A dashboard; its id is its name."""

    token = "aws:cloudwatch/dashboard:Dashboard"  # noqa: S105 - a type's name
    service = "cloudwatch"
    operations = Operations(
        identifier="DashboardName",
        create="put_dashboard",
        describe="get_dashboard",
        puts=True,
    )
    not_found_codes = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
    naming = Naming("dashboardName")
    inputs: ClassVar[Mapping[str, Property]] = {
        "dashboardBody": Property("DashboardBody", required=True, same=same_json_values),
        "dashboardName": Property("DashboardName", replaces=True, required=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"dashboardArn": "DashboardArn"}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the dashboard, by a call for several."""
        self.ignore_not_found(
            lambda: session.call("cloudwatch", "delete_dashboards", DashboardNames=[resource_id])
        )
