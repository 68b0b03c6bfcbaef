"""The emulated AWS: moto on a loopback port, patched to behave as AWS does."""

import os

# Read when gRPC is loaded. Its handlers of fork would crash a child now and then before it runs its
# program; as root, PostgreSQL's programs are started as another user, for which Python forks.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "false"
