"""Reads for pages: what to load together, so that the number of queries does not grow with the rows."""
