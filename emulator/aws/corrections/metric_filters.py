"""Metric filters: they belong to a log group and have a name of their own in it."""

from emulator.aws.errors import refuse
from emulator.aws.moto_internals import Answer, Call, Proceed
from emulator.aws.registry import corrects

_TEST = "test_metric_filters"
_REFERENCE = "CloudWatch Logs API reference"


@corrects(
    "logs:PutMetricFilter",
    "logs:DescribeMetricFilters",
    "logs:DeleteMetricFilter",
    fault="any text is a log group",
    aws="ResourceNotFoundException",
    source=f"{_REFERENCE}, PutMetricFilter, Errors",
    test=f"{_TEST}::test_a_filter_of_a_missing_group_is_refused",
)
def filtered_group_exists(call: Call, proceed: Proceed) -> Answer:
    """Refuse a group that does not exist."""
    name = call.params.get("logGroupName")
    if name is not None and name not in call.logs.groups:
        refuse("ResourceNotFoundException", "The specified log group does not exist.")
    return proceed()


@corrects(
    "logs:PutMetricFilter",
    fault="a second filter of a name is added to the first; a default value beside dimensions is "
    "taken",
    aws="the first is replaced; InvalidParameterException",
    source=f"{_REFERENCE}, PutMetricFilter; MetricTransformation, defaultValue",
    test=f"{_TEST}::test_a_filter_that_is_put_again_is_replaced",
)
def filter_is_replaced(call: Call, proceed: Proceed) -> Answer:
    """Take the filter away that has the name."""
    sent = call.params
    (transformation,) = sent["metricTransformations"]
    if "defaultValue" in transformation and transformation.get("dimensions"):
        message = "Invalid metric transformation: defaultValue cannot be used with dimensions"
        refuse("InvalidParameterException", message)
    call.logs.filters.delete_filter(sent["filterName"], sent["logGroupName"])
    return proceed()


@corrects(
    "logs:DeleteLogGroup",
    fault="a group's filters outlive it and come back with a new group of its name",
    aws="they are deleted with it",
    source=f"{_REFERENCE}, DeleteLogGroup",
    test=f"{_TEST}::test_the_filters_of_a_group_are_deleted_with_it",
)
def filters_go_with_their_group(call: Call, proceed: Proceed) -> Answer:
    """Forget the filters of the group."""
    result = proceed()
    filters = call.logs.filters
    filters.metric_filters = [
        each
        for each in filters.metric_filters
        if each["logGroupName"] != call.params["logGroupName"]
    ]
    return result
