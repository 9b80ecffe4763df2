"""
Sentences that keep the form and the values they were made of, so that a page can say them anew.

Each is plain English text to whoever does not look. Knows no other language.
"""

from collections.abc import Mapping


class Worded(str):
    """A sentence; `form` is its text with names for the values, `values` stand for them."""

    __slots__ = ("form", "values")
    form: str
    values: Mapping[str, object]


def worded(form: str, **values: object) -> Worded:
    """
    Return a sentence.

    Args:
        form: English, with %(name)s for each value
        values: what stands for the names; a sentence may stand in another

    Returns:
        The text, which remembers both.

    Source: our choice: ADR 0031, ADR 0043.
    """
    made = Worded(form % values if values else form)
    made.form, made.values = form, values
    return made
