from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


def request(group: str, **members: object) -> dict[str, Any]:
    transformation = {"metricName": "Errors", "metricNamespace": "Test", "metricValue": "1"}
    return {
        "logGroupName": group,
        "filterName": "errors",
        "filterPattern": '"]:ERROR:"',
        "metricTransformations": [transformation],
        **members,
    }


def filters_of(logs: Any, group: str) -> list[tuple[str, str]]:
    found = logs.describe_metric_filters(logGroupName=group)["metricFilters"]
    return [(each["filterName"], each["filterPattern"]) for each in found]


def test_a_filter_of_a_missing_group_is_rejected(logs: Any, name: str) -> None:
    gone = Rejection("ResourceNotFoundException", "The specified log group does not exist.")
    assert rejection(logs.put_metric_filter, **request(name)) == gone
    assert rejection(logs.describe_metric_filters, logGroupName=name) == gone
    assert rejection(logs.delete_metric_filter, logGroupName=name, filterName="errors") == gone


def test_a_filter_that_is_put_again_is_replaced(logs: Any, name: str) -> None:
    logs.create_log_group(logGroupName=name)
    logs.put_metric_filter(**request(name))
    logs.put_metric_filter(**request(name, filterPattern='"]:FATAL:"'))
    assert filters_of(logs, name) == [("errors", '"]:FATAL:"')]


def test_a_default_value_with_dimensions_is_rejected(logs: Any, name: str) -> None:
    logs.create_log_group(logGroupName=name)
    transformation = {
        "metricName": "Errors",
        "metricNamespace": "Test",
        "metricValue": "1",
        "defaultValue": 0.0,
        "dimensions": {"User": "$.user"},
    }
    rejected = rejection(
        logs.put_metric_filter, **request(name, metricTransformations=[transformation])
    )
    assert rejected == Rejection(
        "InvalidParameterException",
        "Invalid metric transformation: defaultValue cannot be used with dimensions",
    )
    assert filters_of(logs, name) == []


def test_the_filters_of_a_group_are_deleted_with_it(logs: Any, name: str) -> None:
    logs.create_log_group(logGroupName=name)
    logs.put_metric_filter(**request(name))
    logs.delete_log_group(logGroupName=name)
    logs.create_log_group(logGroupName=name)
    assert filters_of(logs, name) == []
