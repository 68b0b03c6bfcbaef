"""Effects of changed settings on a deployed stack, from the engine's previews."""
