"""`{% remarks_about subject as lines %}`: the remarks about a subject, in words."""

from django import template

from voltrail_server.panels import remarks as panel
from voltrail_server.panels.remarks import RemarkLine
from voltrail_server.reading import remarks as reading
from voltrail_server.reading.names import Book

register = template.Library()


@register.simple_tag
def remarks_about(subject: object) -> list[RemarkLine]:
    """Return the remarks about a subject, newest first."""
    return panel.lines(reading.listing(str(subject)), Book())
