"""Records examples of everything in the contract from a run of the reference server."""
