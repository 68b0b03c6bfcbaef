"""Benchmarks, separate from the tests: a slow machine must not fail a build."""
