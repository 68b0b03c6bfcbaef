"""One module per service, each with its part of the catalogue in a YAML file beside it."""
