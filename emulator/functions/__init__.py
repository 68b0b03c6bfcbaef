"""Lambda functions in processes of their own, and the order in which a rotation invokes them."""
