"""What the values of a closed list mean, beside the control that chooses one."""

from collections.abc import Collection

from data.schema import ClosedList, labels


def meanings(values: ClosedList, only: Collection[str] = ()) -> str:
    """
    The help of a control: one line for each value, or for those of `only`, as Markdown.

    >>> from data.schema import CONFIDENCE_VALUES
    >>> meanings(CONFIDENCE_VALUES, only=["high"])
    '- **High**: seen by several people, or reported in public by somebody who was there'
    """
    return "\n".join(
        f"- **{label}**: {values[name].meaning}"
        for name, label in labels(values).items()
        if not only or name in only
    )
