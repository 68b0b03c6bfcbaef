"""AWS and the Pulumi engine on one machine."""
