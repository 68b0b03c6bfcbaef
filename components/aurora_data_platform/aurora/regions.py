"""AWS regions: short code, partition, and whether the Lambda functions trust RDS there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Region:
    """A row of `regions.json`.

    Attributes:
        code: Short code, part of physical names.
        partition: AWS partition.
        rds_root_certificates: True if the deployed certificate bundle holds the region's RDS roots.
    """

    code: str
    partition: str
    rds_root_certificates: bool


REGIONS: Mapping[str, Region] = {
    name: Region(**row)
    for name, row in json.loads(
        Path(__file__).with_name("regions.json").read_text(encoding="utf-8")
    )["regions"].items()
}
