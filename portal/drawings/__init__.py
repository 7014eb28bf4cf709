"""Pictures of what was uploaded, made in a child process that cannot take the portal down with it."""
