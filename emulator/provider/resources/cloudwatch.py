"""CloudWatch: dashboards."""
# ruff: noqa: ARG002 - the verbs' signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, AwsResource, Operations
from emulator.provider.properties import Properties
from emulator.provider.resource_type import Naming, Property, same_json_values


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
    gone_codes = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
    naming = Naming("dashboardName")
    inputs: ClassVar[Mapping[str, Property]] = {
        "dashboardBody": Property("DashboardBody", required=True, same=same_json_values),
        "dashboardName": Property("DashboardName", replaces=True, required=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"dashboardArn": "DashboardArn"}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete, by the call that takes many."""
        self.unless_gone(
            lambda: session.call("cloudwatch", "delete_dashboards", DashboardNames=[resource_id])
        )
