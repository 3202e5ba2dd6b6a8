"""A recipe for schemathesis on a server of the Genesys call operations. README.md beside this folder says how to use and edit it."""
