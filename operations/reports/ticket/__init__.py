"""The archive of a support ticket."""
