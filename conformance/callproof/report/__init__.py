"""Reports: each is made from the result document and the transcript, and from nothing else, so that all of them say the same."""
