"""The emulated AWS: moto on a loopback port, patched to behave as AWS does."""
