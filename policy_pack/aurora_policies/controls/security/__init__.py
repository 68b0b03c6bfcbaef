"""Controls of identities, keys, secrets and policy documents."""
