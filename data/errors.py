"""What a person is told when their file or request cannot be used."""


class InputError(ValueError):
    """
    An input that cannot be used.

    The message is one whole sentence for the person: which row and column, and what to do.
    It never repeats what the file holds.
    """


def file_error(error: OSError) -> InputError:
    """A file of the dashboard's own that cannot be had: which, why, and what to do."""
    name = str(error.filename)
    if isinstance(error, FileNotFoundError):
        return InputError(
            f"A file of the dashboard is missing: {name}. Get the dashboard anew, or run `make setup` once more."
        )
    if isinstance(error, PermissionError):
        return InputError(
            f"A file of the dashboard cannot be read by the user who runs it: {name}. Give that user the right to read it, or run "
            "`make setup` as that user."
        )
    return InputError(f"A file of the dashboard cannot be read: {name} ({error.strerror}).")
