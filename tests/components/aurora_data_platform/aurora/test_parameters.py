"""Conversion of cluster parameters to the values that RDS expects."""

from hypothesis import given
from hypothesis import strategies as st

from components.aurora_data_platform.aurora.parameters import (
    CATALOGUE,
    DEFAULT_PARAMETERS,
    FAMILY_DEFAULTS,
    ParameterType,
    ParameterValue,
    RdsParameter,
    convert,
    group_entries,
)

CONVERTED: dict[tuple[str, ParameterValue], tuple[str, str]] = {
    ("work_mem", "4MB"): ("4096", "immediate"),
    ("work_mem", 4096): ("4096", "immediate"),
    ("maintenance_work_mem", "256MB"): ("262144", "immediate"),
    ("maintenance_work_mem", "1.5GB"): ("1572864", "immediate"),
    ("effective_cache_size", "1GB"): ("131072", "immediate"),
    ("auto_explain.log_min_duration", "1s"): ("1000", "immediate"),
    ("statement_timeout", "5min"): ("300000", "immediate"),
    ("rds.log_retention_period", "3d"): ("4320", "immediate"),
    ("tcp_keepalives_idle", "2min"): ("120", "immediate"),
    ("log_temp_files", -1): ("-1", "immediate"),
    ("max_connections", 5000): ("5000", "pending-reboot"),
    ("max_connections", "LEAST({DBInstanceClassMemory/9531392},5000)"): (
        "LEAST({DBInstanceClassMemory/9531392},5000)",
        "pending-reboot",
    ),
    ("rds.force_ssl", True): ("1", "immediate"),
    ("rds.force_ssl", "off"): ("0", "immediate"),
    ("rds.logical_replication", True): ("1", "pending-reboot"),
    ("random_page_cost", 1.1): ("1.1", "immediate"),
    ("autovacuum_vacuum_cost_delay", "2.5ms"): ("2.5", "immediate"),
    ("autovacuum_vacuum_cost_delay", -1): ("-1", "immediate"),
    ("autovacuum_vacuum_cost_delay", 100): ("100", "immediate"),
    ("temp_buffers", 1_073_741_823): ("1073741823", "immediate"),
    ("rds.force_ssl", "Yes"): ("1", "immediate"),
    ("rds.force_ssl", 0): ("0", "immediate"),
    ("log_statement", "ddl"): ("ddl", "immediate"),
    ("timezone", "Europe/Berlin"): ("Europe/Berlin", "immediate"),
    ("shared_preload_libraries", "pg_stat_statements, auto_explain"): (
        "pg_stat_statements,auto_explain",
        "pending-reboot",
    ),
}
"""Value and apply method by parameter and written value."""


def test_a_value_is_converted_to_the_unit_and_apply_method_of_rds() -> None:
    found = {(name, written): convert({name: written}) for name, written in CONVERTED}
    assert found == {
        (name, written): ([RdsParameter(name, *converted)], [])
        for (name, written), converted in CONVERTED.items()
    }


REJECTED: dict[tuple[str, ParameterValue], str] = {
    ("work_mem", "4mb"): "'mb' is not a unit of this parameter (units are case-sensitive)",
    ("work_mem", "1500B"): "not a whole number of kB",
    ("work_mem", "63kB"): "out of range",
    ("autovacuum_vacuum_cost_delay", -1.5): "out of range",
    ("autovacuum_vacuum_cost_delay", 100.5): "out of range",
    ("temp_buffers", 1_073_741_824): "out of range",
    ("work_mem", "much"): "not a number",
    ("random_page_cost", "{DBInstanceVCPU*2}"): "not a number",
    ("work_mem", True): "booleans are not accepted",
    ("max_connections", "5k"): "'k' is not a unit of this parameter (units are case-sensitive)",
    ("max_connections", "{DBInstanceClassMemory"): "not a number",
    ("log_connections", 2): "not a boolean",
    ("log_statement", "DDL"): "unknown value 'DDL'",
    ("pgaudit.log", "ddl,ddl"): "duplicate value",
    ("shared_preload_libraries", "timescaledb"): "unknown value 'timescaledb'",
    (
        "shared_buffers",
        "1GB",
    ): "Aurora Serverless v2 sizes it while it scales and overrides any value",
}
"""Reason by parameter and written value."""


def test_a_value_that_rds_rejects_is_an_issue() -> None:
    found = {
        (name, written): (applied, [(each.key, each.value, each.reason) for each in issues])
        for name, written in REJECTED
        for applied, issues in [convert({name: written})]
    }
    assert found == {
        (name, written): ([], [(f"clusterParameters.{name}", written, reason)])
        for (name, written), reason in REJECTED.items()
    }


def test_an_unknown_parameter_is_rejected_with_similar_names() -> None:
    _, (issue,) = convert({"work_men": "1GB"})
    assert issue.reason == "unknown parameter; did you mean 'work_mem'?"


def test_the_other_parameters_are_converted() -> None:
    applied, (issue,) = convert({"log_statemen": "ddl", "work_mem": "4MB"})
    assert issue.key == "clusterParameters.log_statemen"
    assert applied == [RdsParameter("work_mem", "4096", "immediate")]


ACCEPTED = {
    "shared_buffers": "not configurable",
    "cron.log_run": "true or false",
    "datestyle": "text",
    "auto_explain.log_format": "one of text, xml, json, yaml",
    "pgaudit.log": "a comma-separated list of none, ddl, role, read, write, function, misc, "
    "misc_set, all, -ddl, -role, -read, -write, -function, -misc, -misc_set",
    "auto_explain.sample_rate": "a number from 0 to 1",
    "autovacuum_max_workers": "a whole number from 1 to 262143",
    "deadlock_timeout": "a whole number from 1 to 2147483647 ms, with or without a unit (ms, "
    "s, min, h, d)",
    "temp_buffers": "a whole number from 100 to 1073741823 pages of 8 kB, with or without a "
    "unit (B, kB, MB, GB, TB)",
}


def test_an_issue_says_what_the_parameter_accepts() -> None:
    assert {name: CATALOGUE[name].accepts for name in ACCEPTED} == ACCEPTED


def test_the_default_parameters_are_valid() -> None:
    applied, issues = convert(DEFAULT_PARAMETERS)
    assert issues == []
    assert {each.name: each.value for each in applied} == {
        "auto_explain.log_min_duration": "1000",
        "log_min_duration_statement": "1000",
        "log_statement": "ddl",
        "maintenance_work_mem": "262144",
        "pg_stat_statements.track_utility": "0",
        "rds.force_ssl": "1",
        "shared_preload_libraries": "pg_stat_statements,auto_explain",
        "work_mem": "4096",
    }


def test_a_value_equal_to_the_family_default_is_not_sent() -> None:
    entries, _ = convert({"rds.force_ssl": True, "log_rotation_age": 60, "log_statement": "ddl"})
    assert group_entries(entries, "aurora-postgresql17") == [
        RdsParameter("log_statement", "ddl", "immediate")
    ]


def test_a_likely_default_of_an_unknown_family_is_sent_as_aws_returns_defaults() -> None:
    entries, _ = convert({"rds.force_ssl": True, "log_statement": "ddl"})
    assert group_entries(entries, "aurora-postgresql18") == [
        RdsParameter("log_statement", "ddl", "immediate"),
        RdsParameter("rds.force_ssl", "1", "pending-reboot"),
    ]


def test_every_family_default_is_a_valid_value_of_its_parameter() -> None:
    for name, default in FAMILY_DEFAULTS["aurora-postgresql17"].items():
        if CATALOGUE[name].unsupported_reason is None:
            (converted,), issues = convert({name: default})
            assert (converted.value, issues) == (default, []), name


def test_a_catalogue_row_is_complete() -> None:
    complete = {
        name: (row.minimum is not None and row.maximum is not None, bool(row.allowed))
        for name, row in CATALOGUE.items()
    }
    assert complete == {
        name: (
            row.type in (ParameterType.INTEGER, ParameterType.REAL),
            row.type in (ParameterType.ENUM, ParameterType.LIST),
        )
        for name, row in CATALOGUE.items()
    }


@given(st.sampled_from(["work_mem", "temp_buffers"]), st.integers(64, 2_000_000))
def test_a_number_of_megabytes_is_the_same_amount_in_the_parameters_unit(
    name: str, megabytes: int
) -> None:
    per_unit = {"work_mem": 1024, "temp_buffers": 128}[name]
    applied, issues = convert({name: f"{megabytes}MB"})
    if issues:
        assert megabytes * per_unit > (CATALOGUE[name].maximum or 0)
    else:
        assert applied[0].value == str(megabytes * per_unit)


@given(st.sampled_from(sorted(CATALOGUE)), st.one_of(st.text(), st.integers(), st.floats()))
def test_any_value_is_converted_or_rejected_but_never_raises(
    name: str, written: ParameterValue
) -> None:
    applied, issues = convert({name: written})
    assert len(applied) + len(issues) == 1
