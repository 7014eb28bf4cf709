"""Documents as sealed files: rendered from a template, certified, signed by incremental updates, verified without
a database.
"""
