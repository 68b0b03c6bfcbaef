"""The user's program on the real Pulumi engine against the emulated AWS.

Not proven here: the official AWS plugin, and what docs/rehearsal.md lists of AWS itself.
"""
