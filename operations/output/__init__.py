"""Output of the commands: one JSON document, or text for people."""
