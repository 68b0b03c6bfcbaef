"""Variables of the emulated AWS and of the CLI that make the tests faster."""

FASTER = {
    # Updates save their state at their end, except those of `interruptions`.
    "EMULATOR_CHECKPOINTS": "off",
    # No test reads the debug messages of Pulumi's SDK.
    "EMULATOR_DEBUG_MESSAGES": "off",
    # A destruction waits for a function's network interfaces.
    "EMULATOR_LAMBDA_INTERFACE_SECONDS": "0.3",
}
"""Not set for the commands of test_rehearsal_command, which are those of a user."""
