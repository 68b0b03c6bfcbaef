"""Resource providers that the real engine runs against the emulated AWS."""
