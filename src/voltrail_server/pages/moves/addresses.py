"""The addresses of moves, whereabouts and permissions."""

from voltrail_server.pages.frame import page
from voltrail_server.pages.moves import moves, permissions, whereabouts

ADDRESSES = [
    page("moves/", moves.scan, "moves"),
    page("moves/record/", moves.record, "move-record"),
    page("moves/frame/", moves.frame_of, "move-frame"),
    page("moves/<int:index>/", moves.one, "move"),
    page("moves/<int:index>/undo/", moves.undo, "move-undo"),
    page("lots/<key:key>/units/", whereabouts.of_lot, "lot-units"),
    page("lots/<key:key>/units.csv", whereabouts.sheet_of, "lot-units-sheet"),
    page("places/<key:key>/permissions/", permissions.permissions, "place-permission"),
    page("places/<key:key>/permissions/end/", permissions.end, "place-permission-end"),
]
