"""Makes a release: refuses what is not ready, freezes what the release promises, and builds it so that two runs give the same bytes."""
