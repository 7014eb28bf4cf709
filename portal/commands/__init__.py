"""The commands of `portal …`: one module per noun, each with its `command` (a click command or group)."""
