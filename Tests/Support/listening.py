"""What listens in tests, and stops when its socket is closed."""


def accepted(listener):
    """The connections that come, one after the other."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        yield connection
