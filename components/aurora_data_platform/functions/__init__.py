"""Lambda functions in the VPC: package, identity, network and the function itself."""
