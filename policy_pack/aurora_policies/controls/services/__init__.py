"""Controls of the services that surround a cluster."""
