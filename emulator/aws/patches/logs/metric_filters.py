"""Metric filters of log groups."""

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_TEST = "logs/test_metric_filters"
_REFERENCE = "CloudWatch Logs API reference"


@patch_operations(
    "logs:PutMetricFilter",
    "logs:DescribeMetricFilters",
    "logs:DeleteMetricFilter",
    moto_behaviour="a metric filter may name a log group that does not exist",
    aws="ResourceNotFoundException",
    source=f"{_REFERENCE}, PutMetricFilter, Errors",
    test=f"{_TEST}::test_a_filter_of_a_missing_group_is_rejected",
)
def require_log_group(call: Call, proceed: Proceed) -> Answer:
    """Reject an unknown log group."""
    name = call.params.get("logGroupName")
    if name is not None and name not in call.logs.groups:
        reject("ResourceNotFoundException", "The specified log group does not exist.")
    return proceed()


@patch_operations(
    "logs:PutMetricFilter",
    moto_behaviour="a second filter with the same name is added to the first; a default value "
    "is accepted with dimensions",
    aws="the first filter is replaced; InvalidParameterException",
    source=f"{_REFERENCE}, PutMetricFilter; MetricTransformation, defaultValue",
    test=f"{_TEST}::test_a_filter_that_is_put_again_is_replaced",
)
def replace_metric_filter(call: Call, proceed: Proceed) -> Answer:
    """Remove the existing filter of that name first."""
    sent = call.params
    (transformation,) = sent["metricTransformations"]
    if "defaultValue" in transformation and transformation.get("dimensions"):
        message = "Invalid metric transformation: defaultValue cannot be used with dimensions"
        reject("InvalidParameterException", message)
    call.logs.filters.delete_filter(sent["filterName"], sent["logGroupName"])
    return proceed()


@patch_operations(
    "logs:DeleteLogGroup",
    moto_behaviour="metric filters remain after their log group is deleted, and return with a "
    "new group of that name",
    aws="metric filters are deleted with their log group",
    source=f"{_REFERENCE}, DeleteLogGroup",
    test=f"{_TEST}::test_the_filters_of_a_group_are_deleted_with_it",
)
def delete_metric_filters_with_group(call: Call, proceed: Proceed) -> Answer:
    """Remove the log group's filters."""
    result = proceed()
    filters = call.logs.filters
    filters.metric_filters = [
        each
        for each in filters.metric_filters
        if each["logGroupName"] != call.params["logGroupName"]
    ]
    return result
