"""`{{ text|said }}`: a fixed sentence or a term of our tables in the reader's language."""

from django import template

from voltrail_server.panels import words

register = template.Library()


@register.filter
def said(text: object) -> str:
    """Return a fixed text in the reader's language; one with values in it stays as it is."""
    return words.said(text) if text else ""
