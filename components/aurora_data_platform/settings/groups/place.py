"""Where it is deployed."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.naming import REGION_CODES
from components.aurora_data_platform.settings.types import (
    known_in,
    setting,
)


class PlaceSettings(BaseModel):
    """Where it is deployed."""

    region: Annotated[str, known_in(REGION_CODES)] = setting(
        allowed="a region of region_codes.json, for example us-east-2",
        why="names carry the region's short code, which is never guessed",
        description="AWS region; in a stack file it is `aws:region`",
        config=None,
    )
    partition: Annotated[str, Field(pattern=r"^aws[a-z-]*$")] = setting(
        allowed="an AWS partition such as aws, aws-cn, aws-us-gov",
        why="ARNs start with it",
        description="AWS partition, from the credentials in use",
        config=None,
    )
    account_id: Annotated[str, Field(pattern=r"^\d{12}$")] = setting(
        allowed="12 digits, in quotes",
        why="IAM and key policies name the account",
        description="AWS account, from the credentials in use",
        config=None,
    )
    availability_zones: tuple[str, ...] = setting(
        (),
        allowed="at least two different availability zones, or none to let AWS choose",
        why="instances are spread over them in order, so that no zone takes all of them down",
        description="Availability zones of the subnets, from the network lookup",
        config=None,
    )
