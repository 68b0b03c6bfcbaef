"""Minor versions: the end of their standard support, and which one to upgrade to."""

from functools import cache
from pathlib import Path
from typing import Any

from operations.aws.clients import Properties
from operations.data_files import read_data


@cache
def calendar() -> dict[str, dict[str, Any]]:
    """Return `until` and `lts` of each minor version of AWS's calendar."""
    return read_data(Path(__file__).parent / "minor_versions.yaml")


def supported_until(version: str | None) -> str | None:
    """Return the last day of a minor version's standard support; None if it is not announced.

    Args:
        version: The version; None for none.
    """
    row = calendar().get(version or "")
    return str(row["until"]) if row else None


def advised_minor(version: str, targets: list[Properties], *, automatic: bool) -> str | None:
    """Return the minor version to upgrade to, None without any.

    As in the preview's warning, it is the one that AWS supports longest, or the newest if AWS
    supports none longer than the running one. Automatic upgrades would leave an LTS version, so it
    is advised without them only.

    Args:
        version: The running version.
        targets: The versions to which AWS can upgrade it.
        automatic: Whether AWS upgrades minor versions automatically.
    """
    minors = [each["EngineVersion"] for each in targets if not each.get("IsMajorVersionUpgrade")]
    longer = [
        each
        for each in minors
        if (supported_until(each) or "") > (supported_until(version) or "")
        and not (automatic and calendar()[each]["lts"])
    ]
    if longer:
        return max(longer, key=lambda each: (calendar()[each]["until"], order(each)))
    return max(minors, key=order, default=None)


def order(version: str) -> list[int]:
    """Return a key that sorts versions."""
    return [int(part) for part in version.split(".") if part.isdigit()]
