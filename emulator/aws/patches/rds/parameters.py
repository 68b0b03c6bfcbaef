"""Cluster parameter groups: validation, description and reset of parameters."""

from collections.abc import Mapping
from typing import Any, cast

from moto.rds.models import DBClusterParameterGroup

from emulator.aws.aurora import identifiers
from emulator.aws.aurora import parameters as aurora_parameters
from emulator.aws.aurora import versions as aurora_versions
from emulator.aws.aurora.parameters import FamilyParameter
from emulator.aws.errors import reject, reject_combination, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_TEST = "rds/test_parameters"

MAX_PER_CALL = 20
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


@patch_operations(
    *_NAMED,
    moto_behaviour="the default parameter groups do not exist, and a group of that name can be "
    "changed",
    aws="default.<family> exists and cannot be changed",
    source="RDS API reference, CreateDBClusterParameterGroup; RDS user guide, parameter groups",
    test=f"{_TEST}::test_the_default_group_exists_and_cannot_be_changed",
)
def provide_default_groups(call: Call, proceed: Proceed) -> Answer:
    """Create the default groups before a request looks for one."""
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
            reject("InvalidDBParameterGroupState", message)
    return proceed()


@patch_operations(
    "rds:CreateDBClusterParameterGroup",
    moto_behaviour="any family and any group name is accepted",
    aws="InvalidParameterValue for an unknown family or an invalid name",
    source="RDS API reference, CreateDBClusterParameterGroup",
    test=f"{_TEST}::test_an_invalid_parameter_group_is_rejected",
)
def require_known_family(call: Call, proceed: Proceed) -> Answer:
    """Reject a family that no available engine version has."""
    identifiers.check(
        "DBClusterParameterGroupName", call.params["DBClusterParameterGroupName"], longest=255
    )
    family = call.params["DBParameterGroupFamily"]
    if family not in _families():
        reject_value(f"ParameterGroupFamily {family} is not a valid parameter group family")
    return proceed()


@patch_operations(
    "rds:ModifyDBClusterParameterGroup",
    moto_behaviour="any number of parameters, name, value and apply method is accepted; names "
    "keep their case",
    aws="InvalidParameterValue for more than 20 parameters, an unknown name or an invalid "
    "value; InvalidParameterCombination for a static parameter with `immediate`; a value that the "
    "parameter already has changes nothing, not even its source and apply method",
    source="RDS API reference, ModifyDBClusterParameterGroup; hashicorp/terraform issue 8018; "
    "terraform-provider-aws issues 23335 and 42234",
    test=f"{_TEST}::test_an_invalid_parameter_is_rejected_and_nothing_is_set",
)
def validate_parameters(call: Call, proceed: Proceed) -> Answer:
    """Validate every parameter before one is set."""
    del proceed
    group = _existing(call)
    for sent in _sent(call):
        parameter = _known(sent)
        name, value = parameter.name, sent.get("ParameterValue")
        if not parameter.modifiable:
            reject_value(f"The parameter {name} cannot be modified.")
        if value is None:
            reject_value(f"The value of the parameter {name} must be provided.")
        if not parameter.allows(value):
            reject_value(
                f"Invalid parameter value: {value} for: {name} allowed values are: "
                f"{parameter.allowed_values}"
            )
        if "ApplyMethod" not in sent:
            reject_value("The parameter ApplyMethod must be provided and must not be blank.")
        _check_method(parameter, sent)
        sent["ParameterName"] = name
    # Moto would keep the case of the names.
    changed = [sent for sent in _sent(call) if _changes(group, sent)]
    call.rds.modify_db_cluster_parameter_group(group.name, changed)
    return answer({"DBClusterParameterGroupName": group.name})


def _changes(group: DBClusterParameterGroup, sent: Mapping[str, Any]) -> bool:
    """Return whether the value of a parameter changes; otherwise AWS ignores it."""
    own = group.parameters.get(sent["ParameterName"])
    known = own["ParameterValue"] if own else _known(sent).default
    return sent["ParameterValue"] != known


@patch_operations(
    "rds:ResetDBClusterParameterGroup",
    moto_behaviour="not implemented",
    aws="resets the listed parameters, or all, to the family's defaults",
    source="RDS API reference, ResetDBClusterParameterGroup",
    test=f"{_TEST}::test_a_reset_restores_the_default_of_parameters",
)
def reset_parameters(call: Call, proceed: Proceed) -> Answer:
    """Forget the values that were set."""
    del proceed
    group = _existing(call)
    parameters = _sent(call)
    if call.params.get("ResetAllParameters"):
        if parameters:
            message = "ResetAllParameters and a list of parameters can not be specified together."
            reject_combination(message)
        group.parameters.clear()
    elif not parameters:
        message = "Either ResetAllParameters or a list of parameters must be specified."
        reject_combination(message)
    names = [_reset_name(sent) for sent in parameters]
    for name in names:
        group.parameters.pop(name, None)
    return answer({"DBClusterParameterGroupName": group.name})


def _reset_name(sent: Mapping[str, Any]) -> str:
    parameter = _known(sent)
    _check_method(parameter, sent)
    return parameter.name


@patch_operations(
    "rds:DescribeDBClusterParameters",
    moto_behaviour="only parameters that were set are returned, without source, types, allowed "
    "values and pages",
    aws="every parameter of the family is returned, filtered by Source, in pages",
    source="RDS API reference, DescribeDBClusterParameters and Parameter",
    test=f"{_TEST}::test_a_group_is_described_in_full_by_source_and_in_pages",
)
def describe_parameters(call: Call, proceed: Proceed) -> Answer:
    """Merge the values that were set into the family's table."""
    del proceed
    group = _existing(call)
    if group.db_parameter_group_family not in aurora_parameters.FAMILIES:
        known = ", ".join(aurora_parameters.FAMILIES)
        message = f"the emulated AWS supports only the parameters of {known}"
        reject("NotImplemented", message)
    source = call.params.get("Source")
    described = [_described(parameter, group) for parameter in aurora_parameters.table().values()]
    if source:
        described = [members for members in described if members["Source"] == source]
    size = call.params.get("MaxRecords", _PAGE)
    if not 20 <= size <= 100:
        message = f"Invalid value {size} for MaxRecords. Must be between 20 and 100"
        reject_value(message)
    start = int(call.params.get("Marker") or 0)
    page: dict[str, object] = {"Parameters": described[start : start + size]}
    if start + size < len(described):
        page["Marker"] = str(start + size)
    return answer(page)


def _described(parameter: FamilyParameter, group: DBClusterParameterGroup) -> dict[str, object]:
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


@patch_operations(
    "rds:DeleteDBClusterParameterGroup",
    moto_behaviour="a parameter group in use can be deleted",
    aws="InvalidDBParameterGroupState",
    source="RDS API reference, DeleteDBClusterParameterGroup, Errors",
    test=f"{_TEST}::test_a_group_in_use_is_not_deleted",
)
def keep_parameter_group_in_use(call: Call, proceed: Proceed) -> Answer:
    """Reject the deletion while a cluster uses the group."""
    name = _existing(call).name
    if any(cluster.parameter_group == name for cluster in call.rds.clusters.values()):
        message = "One or more database instances are still members of this parameter group"
        reject("InvalidDBParameterGroupState", f"{message} {name}, so the group cannot be deleted")
    return proceed()


def _existing(call: Call) -> DBClusterParameterGroup:
    name = call.params["DBClusterParameterGroupName"]
    group = call.rds.db_cluster_parameter_groups.get(name)
    if group is None:
        message = f"DBClusterParameterGroup not found: {name}"
        reject("DBParameterGroupNotFound", message)
    return group


def _sent(call: Call) -> list[dict[str, Any]]:
    parameters = cast("list[dict[str, Any]]", call.params.get("Parameters", []))
    if len(parameters) > MAX_PER_CALL:
        reject_value(
            f"The number of parameters in the request, {len(parameters)}, exceeds the maximum of "
            f"{MAX_PER_CALL}."
        )
    return parameters


def _known(sent: Mapping[str, Any]) -> FamilyParameter:
    name = sent["ParameterName"]
    parameter = aurora_parameters.table().get(name.lower())
    if parameter is None:
        reject_value(f"Could not find parameter with name: {name}")
    return parameter


def _check_method(parameter: FamilyParameter, sent: Mapping[str, Any]) -> None:
    if parameter.apply_type == "static" and sent.get("ApplyMethod") == "immediate":
        reject_combination(
            f"cannot use immediate apply method for static parameter: {parameter.name}"
        )
