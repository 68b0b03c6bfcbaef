"""Invalid parameters, with AWS's error code and message."""

from emulator.tests.aws.patches.rds.rejected_values import COMBINATION, VALUE

RANGE_OF_WORK_MEM = "64-2147483647"


def parameter(name: str, value: str | None, method: str = "pending-reboot") -> dict[str, str]:
    """Return one parameter of a request; without a value where there is none to send."""
    sent = {"ParameterName": name, "ApplyMethod": method}
    return sent if value is None else {**sent, "ParameterValue": value}


def _not_allowed(name: str, value: str, allowed: str) -> str:
    return f"Invalid parameter value: {value} for: {name} allowed values are: {allowed}"


REJECTED_PARAMETERS: list[tuple[list[dict[str, str]], str, str]] = [
    *(
        (
            [parameter("work_mem", value)],
            VALUE,
            _not_allowed("work_mem", value, RANGE_OF_WORK_MEM),
        )
        for value in ("4MB", "4096kB", "63", "2147483648", "4096.5", "", " 4096", "lots")
    ),
    (
        [parameter("rds.force_ssl", "on")],
        VALUE,
        _not_allowed("rds.force_ssl", "on", "0,1"),
    ),
    (
        [parameter("log_statement", "every")],
        VALUE,
        _not_allowed("log_statement", "every", "none,ddl,mod,all"),
    ),
    (
        [parameter("log_statement_sample_rate", "1.5")],
        VALUE,
        _not_allowed("log_statement_sample_rate", "1.5", "0-1"),
    ),
    (
        [parameter("max_connections", "{DBInstanceClassMemory", "pending-reboot")],
        VALUE,
        _not_allowed("max_connections", "{DBInstanceClassMemory", "6-262143"),
    ),
    (
        [parameter("work_memory", "4096")],
        VALUE,
        "Could not find parameter with name: work_memory",
    ),
    (
        [parameter("rds.extensions", "pgaudit")],
        VALUE,
        "The parameter rds.extensions cannot be modified.",
    ),
    (
        [parameter("work_mem", None)],
        VALUE,
        "The value of the parameter work_mem must be provided.",
    ),
    (
        [{"ParameterName": "work_mem", "ParameterValue": "4096"}],
        VALUE,
        "The parameter ApplyMethod must be provided and must not be blank.",
    ),
    (
        [parameter("max_connections", "500", "immediate")],
        COMBINATION,
        "cannot use immediate apply method for static parameter: max_connections",
    ),
    (
        [parameter("work_mem", "4096")] * 21,
        VALUE,
        "The number of parameters in the request, 21, exceeds the maximum of 20.",
    ),
]
