"""Regions: codes, partitions and certificates."""

import re
import ssl
from typing import Any

from botocore.loaders import Loader

from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.functions import package as lambda_package
from tools.repository import ROOT


def rds_roots() -> set[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cafile=ROOT / lambda_package.CERTIFICATES)
    found: list[dict[str, Any]] = context.get_ca_certs()
    names = [dict(pair for (pair,) in each["subject"])["commonName"] for each in found]
    matches = (re.match(r"Amazon RDS ([a-z-]+-\d) Root CA", name) for name in names)
    return {match[1] for match in matches if match}


def test_the_table_names_exactly_the_regions_whose_roots_the_bundle_contains() -> None:
    trusted = {name for name, region in REGIONS.items() if region.rds_root_certificates}
    assert trusted == rds_roots()
    assert len(trusted) == 27


def test_every_region_is_in_the_partition_that_botocore_lists() -> None:
    partitions: Any = Loader().load_data("partitions")["partitions"]
    listed = {
        region: partition["id"] for partition in partitions for region in partition["regions"]
    }
    known = {name: region.partition for name, region in REGIONS.items() if name in listed}
    assert known == {name: listed[name] for name in known}
    assert len(known) >= 30
