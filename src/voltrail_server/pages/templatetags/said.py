"""`{{ text|said }}`: a fixed sentence or a term of our tables in the reader's language."""

from collections.abc import Iterable

from django import template

from voltrail_server.panels import words

register = template.Library()


@register.filter
def said(text: object) -> str:
    """Return a fixed text in the reader's language; one with values in it stays as it is."""
    return words.said(text) if text else ""


@register.filter
def said_each(texts: Iterable[object]) -> list[str]:
    """Return fixed texts in the reader's language, in their order."""
    return [words.said(one) for one in texts]
