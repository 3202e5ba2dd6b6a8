"""Shows that other people's code generators keep the whole contract: ``python -m tools.generators``, from the checkout's root.

Each generator makes its code from a bundle in a folder of its own; the code is compiled, and a *witness* asks it for every schema, member
and operation that the bundle promises. A witness is written for the language: types that `tsc` checks, or a program that imports the code.
"""
