"""What the numbers of a raid say of how it ended, where nothing else does."""

import numpy as np


def says_taken(detained: np.ndarray, released: np.ndarray, is_said: np.ndarray | bool = False) -> np.ndarray:
    """
    Where people were detained, and not all of them let go again.

    Parameters
    ----------
    detained, released
        Persons; 0 where it is not stated.
    is_said
        Where it is said that people were detained, but not how many.
    """
    return ((detained > 0) & (released < detained)) | (
        np.asarray(is_said) & (detained == 0) & (released == 0)
    )


def says_none_taken(
    detained: np.ndarray, is_stated: np.ndarray, released: np.ndarray, has_response: np.ndarray
) -> np.ndarray:
    """Where nobody was detained, and nothing tells of people who may have prevented it."""
    return is_stated & (detained == 0) & (released == 0) & ~has_response
