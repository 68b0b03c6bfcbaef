"""What tests of the emulated AWS, and of programs on it, have in common."""
