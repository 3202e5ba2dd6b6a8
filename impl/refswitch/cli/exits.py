"""How the command ends. callproof gives the same codes for the same causes."""

SERVED = 0  # it served, and was stopped
CONFIGURATION = 4  # bad usage, a bad file, an address that cannot be had
INTERRUPTED = 130  # a second SIGINT, or one before it served

EXIT_CODES = """\
exit codes:
  0    it served, and was stopped
  4    it could not serve: an option or a file is wrong, and the message says which and why
  130  interrupted before it served, or a second time while it was stopping
"""


class CannotServe(Exception):
    """What keeps the server from starting, as one sentence with its remedy."""
