"""A recipe for schemathesis: a configuration and a folder of hooks, written to where their user edits them.

`callproof_recipe/` is that folder. It imports schemathesis and requests, and nothing of callproof, because it must work on its own; nothing
here imports it.
"""

from callproof.schemathesis_recipe.writing import FILES, AlreadyThere, NotWritable, write_recipe

__all__ = ["FILES", "AlreadyThere", "NotWritable", "write_recipe"]
