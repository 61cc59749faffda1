"""What a person is told when their file or request cannot be used."""


class InputError(ValueError):
    """
    An input that cannot be used.

    The message is one whole sentence for the person: which row and column, and what to do.
    It never repeats what the file holds.
    """
