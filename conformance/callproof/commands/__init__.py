"""The commands of `callproof`, one module each with a `main(arguments)` that returns the exit code."""
