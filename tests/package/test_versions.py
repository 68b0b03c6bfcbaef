"""The version of the package."""

from pathlib import Path

import pytest

from package.provider import AuroraDataPlatformProvider
from package.versions import version_of


@pytest.mark.parametrize(
    ("folder", "version"),
    [
        ("/home/user/aurora/package", "0.0.0"),
        ("/home/user/resource-check/package", "0.0.0"),
        ("/home/user/.pulumi/plugins/resource-github.com_o_r.git_package-v1.2.0/package", None),
    ],
)
def test_only_an_installed_package_leaves_its_version_to_the_git_tag(
    folder: str, version: str | None
) -> None:
    assert version_of(Path(folder)) == version


def test_the_schema_has_the_version_of_the_provider() -> None:
    assert '"version": "0.0.0"' in (AuroraDataPlatformProvider("0.0.0").schema or "")
    assert '"version"' not in (AuroraDataPlatformProvider().schema or "")
