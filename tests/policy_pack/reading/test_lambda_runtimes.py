"""The table of Lambda's runtimes, against the names in botocore and the dates in cfn-lint."""

# botocore types its models as dictionaries of unknown content.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import json
from datetime import date
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader

from policy_pack.aurora_policies.reading.lambda_runtimes import deprecation, runtimes

UNDATED = {
    *("java8.al2023", "java11.al2023", "java17.al2023", "nodejs26.x", "python3.15"),
    # Its publisher, not AWS, decides how long it is supported.
    "custom",
}
"""Runtimes that are newer than the dates in cfn-lint."""


def lifecycle() -> dict[str, Any]:
    """The dates that cfn-lint, which moto installs, has from the developer guide."""
    # Importing the package takes longer than everything else here.
    folder = Path(str(distribution("cfn-lint").locate_file("cfnlint")))
    file = folder / "data/AdditionalSpecs/LmbdRuntimeLifecycle.json"
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_table_contains_every_runtime_of_the_lambda_api() -> None:
    shapes = Loader().load_service_model("lambda", "service-2")["shapes"]
    assert set(runtimes()) == set(shapes["Runtime"]["enum"])


def test_the_dates_are_those_of_the_developer_guide() -> None:
    published = {name: date.fromisoformat(row["deprecated"]) for name, row in lifecycle().items()}
    assert {name for name, deprecated in runtimes().items() if deprecated is None} == UNDATED
    assert published.items() >= {
        (name, deprecated) for name, deprecated in runtimes().items() if deprecated
    }


@pytest.mark.parametrize(
    ("runtime", "day", "deprecated"),
    [
        ("python3.10", date(2026, 10, 30), None),
        ("python3.10", date(2026, 10, 31), date(2026, 10, 31)),
        ("dotnet8", date(2026, 11, 28), date(2026, 11, 10)),
        ("nodejs20.x", date(2026, 11, 28), date(2026, 4, 30)),
        ("provided.al2", date(2026, 11, 28), date(2026, 7, 31)),
        ("provided.al2023", date(2026, 11, 28), None),
        ("java17.al2023", date(2099, 1, 1), None),
        ("python9.9", date(2099, 1, 1), None),
    ],
)
def test_a_runtime_is_deprecated_from_its_date_on(
    runtime: str, day: date, deprecated: date | None
) -> None:
    assert deprecation(runtime, day) == deprecated
