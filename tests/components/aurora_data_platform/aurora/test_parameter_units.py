"""Units of parameters (PostgreSQL 17 documentation, 19.1.1, Numeric with Unit)."""

from components.aurora_data_platform.aurora.parameters import convert

CONVERTED = {
    # Bytes.
    ("track_activity_query_size", "2048B"): "2048",
    ("track_activity_query_size", "4kB"): "4096",
    ("track_activity_query_size", "1MB"): "1048576",
    # kB.
    ("work_mem", "1048576B"): "1024",
    ("work_mem", "64kB"): "64",
    ("work_mem", "3MB"): "3072",
    ("work_mem", "1GB"): "1048576",
    ("log_temp_files", "1TB"): "1073741824",
    # Pages of 8 kB.
    ("temp_buffers", "1MB"): "128",
    ("effective_cache_size", "1TB"): "134217728",
    # Milliseconds, seconds and minutes.
    ("statement_timeout", "250ms"): "250",
    ("statement_timeout", "3s"): "3000",
    ("statement_timeout", "2min"): "120000",
    ("statement_timeout", "3h"): "10800000",
    ("statement_timeout", "2d"): "172800000",
    ("tcp_keepalives_idle", "1h"): "3600",
    ("log_rotation_age", "2h"): "120",
    ("rds.log_retention_period", "7d"): "10080",
}


def test_a_unit_is_converted_to_the_base_unit() -> None:
    found = {
        (name, written): ([each.value for each in applied], issues)
        for name, written in CONVERTED
        for applied, issues in [convert({name: written})]
    }
    assert found == {case: ([converted], []) for case, converted in CONVERTED.items()}
