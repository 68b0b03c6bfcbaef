"""Lambda functions in processes of their own, and the order in which a rotation invokes them."""

FUNCTIONS_VARIABLE = "EMULATOR_FUNCTIONS"
"""Environment variable: `off` if deployed functions are never run."""
