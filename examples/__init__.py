"""Programs and client code that the tests run."""
