"""Reports: each is made only from the result document and the transcript, so all of them agree."""
