"""Drawings: files come in, become revisions, are shown to the household, remarked upon and decided."""
