"""Estimates: drafting, presenting, signing. A revision is a draft until it is presented; from then on it never changes."""
