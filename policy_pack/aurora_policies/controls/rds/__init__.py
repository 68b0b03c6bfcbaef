"""Controls of Aurora clusters, their instances and the groups they use."""
