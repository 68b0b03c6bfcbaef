"""Pure judgements: declared state and facts in, a verdict out. One module per group of checks."""
