"""Controls of the stack as a whole."""
