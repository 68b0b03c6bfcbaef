"""Cluster parameter groups: names and values that AWS takes, and a full description of them."""

from collections.abc import Mapping
from typing import Any, cast

from moto.rds.models import DBClusterParameterGroup

from emulator.aws import aurora_parameters, aurora_versions, identifiers
from emulator.aws.aurora_parameters import Parameter
from emulator.aws.errors import refuse, refuse_combination, refuse_value
from emulator.aws.moto_internals import Answer, Call, Proceed, answer
from emulator.aws.registry import corrects

_TEST = "test_rds_parameters"

MOST_PER_CALL = 20
"""RDS API reference, ModifyDBClusterParameterGroup: "A maximum of 20 parameters"."""

_PAGE = 100
_NAMED = (
    "rds:ModifyDBClusterParameterGroup",
    "rds:ResetDBClusterParameterGroup",
    "rds:DeleteDBClusterParameterGroup",
    "rds:DescribeDBClusterParameters",
    "rds:DescribeDBClusterParameterGroups",
)


def _families() -> list[str]:
    return sorted({version.family for version in aurora_versions.table().values()})


@corrects(
    *_NAMED,
    fault="the default groups do not exist; any group of the name could be changed",
    aws="default.<family> exists and cannot change",
    source="RDS API reference, CreateDBClusterParameterGroup; RDS user guide, parameter groups",
    test=f"{_TEST}::test_the_default_group_exists_and_cannot_be_changed",
)
def default_groups_exist(call: Call, proceed: Proceed) -> Answer:
    """Put the default groups in place before any call looks for one."""
    groups = call.rds.db_cluster_parameter_groups
    for family in _families():
        name = f"default.{family}"
        if name not in groups:
            call.rds.create_db_cluster_parameter_group(
                db_cluster_parameter_group_name=name,
                db_parameter_group_family=family,
                description=f"Default cluster parameter group for {family}",
                tags=None,
            )
    name = call.params.get("DBClusterParameterGroupName")
    if name is not None:
        call.rewrite("DBClusterParameterGroupName", name.lower())
        if name.lower().startswith("default.") and not call.operation.startswith("Describe"):
            message = "This operation is not available for default parameter groups."
            refuse("InvalidDBParameterGroupState", message)
    return proceed()


@corrects(
    "rds:CreateDBClusterParameterGroup",
    fault="any family and any name is taken",
    aws="InvalidParameterValue for an unknown family or an illegal name",
    source="RDS API reference, CreateDBClusterParameterGroup",
    test=f"{_TEST}::test_a_group_that_aws_refuses_is_refused",
)
def parameter_group_family_exists(call: Call, proceed: Proceed) -> Answer:
    """Refuse a family that no offered engine version has."""
    identifiers.check(
        "DBClusterParameterGroupName", call.params["DBClusterParameterGroupName"], longest=255
    )
    family = call.params["DBParameterGroupFamily"]
    if family not in _families():
        refuse_value(f"ParameterGroupFamily {family} is not a valid parameter group family")
    return proceed()


@corrects(
    "rds:ModifyDBClusterParameterGroup",
    fault="any number of parameters, any name, any value and any apply method is taken; names are "
    "kept as they are spelled",
    aws="InvalidParameterValue for more than 20, an unknown name or an illegal value, such as a "
    "number with a unit; InvalidParameterCombination for a static parameter applied immediately",
    source="RDS API reference, ModifyDBClusterParameterGroup; hashicorp/terraform issue 8018",
    test=f"{_TEST}::test_a_parameter_that_aws_refuses_is_refused_and_nothing_is_set",
)
def parameters_are_legal(call: Call, proceed: Proceed) -> Answer:
    """Check every parameter before one is set."""
    del proceed
    group = _existing(call)
    for sent in _sent(call):
        parameter = _known(sent)
        name, value = parameter.name, sent.get("ParameterValue")
        if not parameter.modifiable:
            refuse_value(f"The parameter {name} cannot be modified.")
        if value is None:
            refuse_value(f"The value of the parameter {name} must be provided.")
        if not parameter.allows(value):
            refuse_value(
                f"Invalid parameter value: {value} for: {name} allowed values are: "
                f"{parameter.allowed_values}"
            )
        if "ApplyMethod" not in sent:
            refuse_value("The parameter ApplyMethod must be provided and must not be blank.")
        _check_method(parameter, sent)
        sent["ParameterName"] = name
    # Moto would keep the names as they were spelled.
    call.rds.modify_db_cluster_parameter_group(group.name, _sent(call))
    return answer({"DBClusterParameterGroupName": group.name})


@corrects(
    "rds:ResetDBClusterParameterGroup",
    fault="not implemented",
    aws="takes the listed parameters, or all, back to the family's values",
    source="RDS API reference, ResetDBClusterParameterGroup",
    test=f"{_TEST}::test_a_reset_takes_parameters_back_to_the_default",
)
def parameters_are_reset(call: Call, proceed: Proceed) -> Answer:
    """Forget what was set."""
    del proceed
    group = _existing(call)
    parameters = _sent(call)
    if call.params.get("ResetAllParameters"):
        if parameters:
            message = "ResetAllParameters and a list of parameters can not be specified together."
            refuse_combination(message)
        group.parameters.clear()
    elif not parameters:
        message = "Either ResetAllParameters or a list of parameters must be specified."
        refuse_combination(message)
    names = [_reset_name(sent) for sent in parameters]
    for name in names:
        group.parameters.pop(name, None)
    return answer({"DBClusterParameterGroupName": group.name})


def _reset_name(sent: Mapping[str, Any]) -> str:
    parameter = _known(sent)
    _check_method(parameter, sent)
    return parameter.name


@corrects(
    "rds:DescribeDBClusterParameters",
    fault="only what was set is listed, without source, types and allowed values; no paging",
    aws="every parameter of the family, filtered by Source, in pages",
    source="RDS API reference, DescribeDBClusterParameters and Parameter",
    test=f"{_TEST}::test_a_group_is_described_in_full_by_source_and_in_pages",
)
def parameters_are_described(call: Call, proceed: Proceed) -> Answer:
    """Lay what was set over the family's table."""
    del proceed
    group = _existing(call)
    if group.db_parameter_group_family != aurora_parameters.FAMILY:
        message = f"The emulated AWS knows the parameters of {aurora_parameters.FAMILY} only"
        refuse("NotImplemented", message)
    source = call.params.get("Source")
    described = [_described(parameter, group) for parameter in aurora_parameters.table().values()]
    if source:
        described = [members for members in described if members["Source"] == source]
    size = call.params.get("MaxRecords", _PAGE)
    if not 20 <= size <= 100:
        message = f"Invalid value {size} for MaxRecords. Must be between 20 and 100"
        refuse_value(message)
    start = int(call.params.get("Marker") or 0)
    page: dict[str, object] = {"Parameters": described[start : start + size]}
    if start + size < len(described):
        page["Marker"] = str(start + size)
    return answer(page)


def _described(parameter: Parameter, group: DBClusterParameterGroup) -> dict[str, object]:
    own = group.parameters.get(parameter.name)
    members: dict[str, object] = {
        "ParameterName": parameter.name,
        "Source": "user" if own else ("system" if parameter.default else "engine-default"),
        "ApplyType": parameter.apply_type,
        "DataType": parameter.data_type,
        "IsModifiable": parameter.modifiable,
        "ApplyMethod": own["ApplyMethod"] if own else "pending-reboot",
    }
    value = own["ParameterValue"] if own else parameter.default
    if value is not None:
        members["ParameterValue"] = value
    if parameter.allowed_values:
        members["AllowedValues"] = parameter.allowed_values
    return members


@corrects(
    "rds:DeleteDBClusterParameterGroup",
    fault="a group in use is deleted",
    aws="InvalidDBParameterGroupState",
    source="RDS API reference, DeleteDBClusterParameterGroup, Errors",
    test=f"{_TEST}::test_a_group_in_use_is_not_deleted",
)
def parameter_group_in_use_stays(call: Call, proceed: Proceed) -> Answer:
    """Refuse while a cluster has it."""
    name = _existing(call).name
    if any(cluster.parameter_group == name for cluster in call.rds.clusters.values()):
        message = "One or more database instances are still members of this parameter group"
        refuse("InvalidDBParameterGroupState", f"{message} {name}, so the group cannot be deleted")
    return proceed()


def _existing(call: Call) -> DBClusterParameterGroup:
    name = call.params["DBClusterParameterGroupName"]
    group = call.rds.db_cluster_parameter_groups.get(name)
    if group is None:
        message = f"DBClusterParameterGroup not found: {name}"
        refuse("DBParameterGroupNotFound", message)
    return group


def _sent(call: Call) -> list[dict[str, Any]]:
    parameters = cast("list[dict[str, Any]]", call.params.get("Parameters", []))
    if len(parameters) > MOST_PER_CALL:
        refuse_value(
            f"The number of parameters in the request, {len(parameters)}, exceeds the maximum of "
            f"{MOST_PER_CALL}."
        )
    return parameters


def _known(sent: Mapping[str, Any]) -> Parameter:
    name = sent["ParameterName"]
    parameter = aurora_parameters.table().get(name.lower())
    if parameter is None:
        refuse_value(f"Could not find parameter with name: {name}")
    return parameter


def _check_method(parameter: Parameter, sent: Mapping[str, Any]) -> None:
    if parameter.apply_type == "static" and sent.get("ApplyMethod") == "immediate":
        refuse_combination(
            f"cannot use immediate apply method for static parameter: {parameter.name}"
        )
