"""What a change of each setting does to a deployed stack, according to the engine."""
