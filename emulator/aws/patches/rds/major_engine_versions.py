"""Major engine versions and their support dates."""

from datetime import UTC, date, datetime, time, timedelta

from emulator.aws.aurora import versions
from emulator.aws.aurora.major_versions import MajorVersion, major_versions
from emulator.aws.aurora.versions import ENGINE
from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_LAST_MOMENT = time(23, 59, 59, 999_000, tzinfo=UTC)
_MIDNIGHT = time(tzinfo=UTC)


@patch_operations(
    "rds:DescribeDBMajorEngineVersions",
    moto_behaviour="not implemented",
    aws="returns start and end of standard and extended support of each major version",
    source="RDS API reference, DescribeDBMajorEngineVersions; Aurora user guide, Viewing support "
    "dates for engine versions in Amazon RDS Extended Support",
    test="rds/test_major_engine_versions::test_a_major_version_has_the_dates_of_its_support",
)
def list_major_engine_versions(call: Call, proceed: Proceed) -> Answer:
    """Answer from the dated table, without versions that are not released yet."""
    del proceed
    engine = call.params.get("Engine", ENGINE)
    if engine != ENGINE:
        reject(
            "NotImplemented", f"the emulated AWS supports only the engine {ENGINE}, not {engine}"
        )
    wanted = call.params.get("MajorEngineVersion")
    day = versions.today()
    found = [
        _described(each)
        for each in major_versions()
        if wanted in (None, each.name) and each.released <= day
    ]
    return answer({"DBMajorEngineVersions": found})


def _described(version: MajorVersion) -> dict[str, object]:
    standard_end = version.standard_support_until
    extended = (standard_end + timedelta(days=1), version.extended_support_until)
    return {
        "Engine": ENGINE,
        "MajorEngineVersion": version.name,
        "SupportedEngineLifecycles": [
            _lifecycle("open-source-rds-standard-support", version.released, standard_end),
            _lifecycle("open-source-rds-extended-support", *extended),
        ],
    }


def _lifecycle(name: str, start: date, end: date) -> dict[str, object]:
    return {
        "LifecycleSupportName": name,
        "LifecycleSupportStartDate": datetime.combine(start, _MIDNIGHT),
        "LifecycleSupportEndDate": datetime.combine(end, _LAST_MOMENT),
    }
