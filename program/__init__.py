"""Configuration of the stack and lookups in AWS; the package uses two of the lookups."""
