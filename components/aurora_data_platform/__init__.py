"""The component `AuroraDataPlatform`, its arguments and its settings."""

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.platform import AuroraDataPlatform
from components.aurora_data_platform.settings.model import PlatformSettings

__all__ = ["AuroraDataPlatform", "AuroraDataPlatformArgs", "PlatformSettings"]
