"""Defects of parameters and of users in the database."""

from tests.operations.defects.deployed import GROUP, INSTANCE, Defect, Deployed, Step


def _other_group(deployed: Deployed) -> None:
    rds = deployed.client("rds")
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName="by-hand",
        DBParameterGroupFamily="aurora-postgresql17",
        Description="By hand",
    )
    deployed.modify(DBClusterParameterGroupName="by-hand")


def _own_group(deployed: Deployed) -> None:
    deployed.modify(DBClusterParameterGroupName=GROUP)
    deployed.client("rds").delete_db_cluster_parameter_group(DBClusterParameterGroupName="by-hand")


def _sql(statement: str) -> Step:
    def run(deployed: Deployed) -> None:
        with deployed.superuser() as connection:
            connection.execute(statement.encode())

    return run


DEFECTS = (
    Defect(
        "TLS is no longer required",
        {
            "tls-required": "rds.force_ssl = 0",
            "tls-refused-without": "accepted",
            "parameters-in-rds": "rds.force_ssl=0",
        },
        lambda d: d.parameter("rds.force_ssl", "0", "immediate"),
        lambda d: d.parameter("rds.force_ssl", "1", "immediate"),
    ),
    Defect(
        "the cluster uses another parameter group",
        {"parameter-group": "by-hand", "parameters-in-rds": "work_mem="},
        _other_group,
        _own_group,
        warns={"parameters-pending": INSTANCE},
    ),
    Defect(
        "a parameter is changed in RDS",
        {"parameters-in-rds": "work_mem=8192"},
        lambda d: d.parameter("work_mem", "8192", "pending-reboot"),
        lambda d: d.parameter("work_mem", "4096", "immediate"),
        warns={"parameters-pending": INSTANCE},
    ),
    Defect(
        "a static parameter waits for a restart",
        {},
        lambda d: d.parameter("max_worker_processes", "12", "pending-reboot"),
        lambda d: d.reset("max_worker_processes"),
        warns={"parameters-pending": INSTANCE},
    ),
    Defect(
        "a parameter is overridden for the database",
        {"parameters-in-force": "work_mem=65536"},
        _sql("ALTER DATABASE trialfinder SET work_mem = '64MB'"),
        _sql("ALTER DATABASE trialfinder RESET work_mem"),
    ),
    Defect(
        "the master user is granted rds_iam",
        {"master-without-iam": "a member"},
        _sql("GRANT rds_iam TO aurora_master"),
        _sql("REVOKE rds_iam FROM aurora_master"),
    ),
    Defect(
        "the master user is granted an IAM user",
        {"master-without-iam": "a member"},
        _sql("GRANT trialfinder_app TO aurora_master GRANTED BY aurora_master"),
        _sql("REVOKE trialfinder_app FROM aurora_master GRANTED BY aurora_master"),
    ),
    Defect(
        "a declared user cannot log in",
        {"users-declared": "reports=may not log in, missing=does not exist"},
        _sql("CREATE ROLE reports NOLOGIN"),
        _sql("DROP ROLE reports"),
        declares=lambda o: o.update(
            users={"reports": {"authentication": "iam"}, "missing": {"authentication": "iam"}}
        ),
    ),
    Defect(
        "a user may no longer log in",
        {"users-declared": "trialfinder_app=may not log in"},
        _sql("ALTER ROLE trialfinder_app NOLOGIN"),
        _sql("ALTER ROLE trialfinder_app LOGIN"),
    ),
    Defect(
        "a user loses its access",
        {"users-declared": "trialfinder_app=iam"},
        _sql("REVOKE trialfinder_readwrite FROM trialfinder_app GRANTED BY aurora_master"),
        _sql("GRANT trialfinder_readwrite TO trialfinder_app GRANTED BY aurora_master"),
    ),
    Defect(
        "a user is granted more access than declared",
        {"users-declared": "trialfinder_app=iam trialfinder_readwrite trialfinder_owner"},
        _sql("GRANT trialfinder_owner TO trialfinder_app GRANTED BY aurora_master"),
        _sql("REVOKE trialfinder_owner FROM trialfinder_app GRANTED BY aurora_master"),
    ),
    Defect(
        "a user is granted a role that is not the platform's",
        {"users-declared": "trialfinder_app=iam trialfinder_readwrite pg_read_all_data"},
        _sql("GRANT pg_read_all_data TO trialfinder_app"),
        _sql("REVOKE pg_read_all_data FROM trialfinder_app"),
    ),
    Defect(
        "a user may log in with a password",
        {"users-declared": "trialfinder_app=password trialfinder_readwrite"},
        _sql("REVOKE rds_iam FROM trialfinder_app GRANTED BY rds_superuser"),
        _sql("GRANT rds_iam TO trialfinder_app GRANTED BY rds_superuser"),
    ),
)
