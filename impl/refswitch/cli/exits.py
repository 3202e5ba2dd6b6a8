"""The command's exit codes. callproof uses the same codes for the same causes."""

SERVED = 0  # it served, and was stopped, or wrote what it was asked for
CONFIGURATION = 4  # bad usage, a bad file, an address that cannot be used
INTERRUPTED = 130  # a second SIGINT, or one before the server was ready

EXIT_CODES = """\
exit codes:
  0    the server ran and was stopped
  4    the server could not start: an option or a file is wrong; the message says which and why
  130  interrupted before it was ready, or a second time while it was stopping
"""


class CannotServe(Exception):
    """The reason why the server cannot start, as one sentence with its remedy."""


class CannotWrite(Exception):
    """The reason why a file cannot be written, as one sentence with its remedy."""
