"""Settings by topic, in the order of the reference."""
