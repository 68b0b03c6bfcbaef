"""A real client of CloudWatch whose answers are given: pages of GetMetricData."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import boto3
from botocore.stub import ANY, Stubber

from operations.aws.clients import AwsClients

Points = Iterable[tuple[datetime, float]]
START = datetime(2026, 11, 13, 12, tzinfo=UTC)


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def result(query: int, points: Points, status: str = "Complete") -> dict[str, Any]:
    """Return a part of a series, as an element of MetricDataResults."""
    kept = list(points)
    return {
        "Id": f"m{query}",
        "Label": f"m{query}",
        "Timestamps": [moment for moment, _ in kept],
        "Values": [value for _, value in kept],
        "StatusCode": status,
    }


class _Session:
    def __init__(self, client: Any) -> None:
        self._client = client

    def client(self, _service: str, config: object) -> Any:
        del config
        return self._client


def clients(*pages: list[dict[str, Any]]) -> AwsClients:
    """Return clients whose GetMetricData answers with these pages, in order."""
    client: Any = cast("Any", boto3).client(
        "cloudwatch", "us-east-2", aws_access_key_id="x", aws_secret_access_key="x"
    )
    stubber = Stubber(client)
    for number, rows in enumerate(pages):
        expected: dict[str, Any] = {"MetricDataQueries": ANY, "StartTime": ANY, "EndTime": ANY}
        if number:
            expected["NextToken"] = f"page-{number}"
        following = {"NextToken": f"page-{number + 1}"} if number + 1 < len(pages) else {}
        stubber.add_response("get_metric_data", {"MetricDataResults": rows, **following}, expected)
    stubber.activate()
    aws = AwsClients("us-east-2")
    # A cached property, which would otherwise be the environment's session.
    aws.__dict__["session"] = _Session(client)
    return aws
