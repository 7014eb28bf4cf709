"""The front door: what a stranger may open."""
