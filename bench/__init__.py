"""The benchmark: pages on a company of many homes, beside the floor that does the least a server can do."""
