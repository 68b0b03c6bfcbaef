"""Aurora PostgreSQL Serverless v2 data platform as one Pulumi component."""

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.platform import AuroraDataPlatform

__all__ = ["AuroraDataPlatform", "AuroraDataPlatformArgs"]
