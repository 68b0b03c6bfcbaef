"""Observability: one look at the database's capacity, load and storage."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import dashboard
from components.aurora_data_platform.settings import PlatformSettings


class Observability(pulumi.ComponentResource):
    """Shows the key metrics.

    Creates:
        - the CloudWatch dashboard.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.

    Attributes:
        dashboard_url: Address in the CloudWatch console; None in a partition without a known one.
    """

    dashboard_url: pulumi.Output[str | None]

    def __init__(
        self, name: str, settings: PlatformSettings, *, opts: pulumi.ResourceOptions
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:Observability", f"{name}-observability", None, opts
        )
        created = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=settings.names.dashboard,
            dashboard_body=json.dumps(
                dashboard.body(
                    cluster=settings.names.cluster,
                    region=settings.region,
                    max_capacity_acu=settings.aurora_max_capacity,
                )
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.dashboard_url = created.dashboard_name.apply(
            lambda known: dashboard.url(known, settings.location)
        )
        self.register_outputs({"dashboardUrl": self.dashboard_url})
