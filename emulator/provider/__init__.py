"""Resource providers that the real engine runs against the emulated AWS."""

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties

__all__ = ["AwsConnection", "Properties", "RejectedError"]
