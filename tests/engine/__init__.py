"""The project's program, deployed by the real Pulumi engine to the emulated AWS.

Not covered: the official AWS plugin, and the differences from AWS in docs/rehearsal.md.
"""
