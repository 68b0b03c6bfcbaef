"""Regions that a landing zone can be seeded in.

The code ends the names there (convention of cloudposse's terraform-aws-utils, `to_fixed`).
"""

REGION_SHORT_CODES = {
    "eu-central-1": "ec1",
    "eu-west-1": "ew1",
    "us-east-1": "ue1",
    "us-east-2": "ue2",
    "us-west-2": "uw2",
}
