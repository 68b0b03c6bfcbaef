"""Mutation testing of the modules that decide most: `make mutants`."""
