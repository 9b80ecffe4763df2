"""How values become words, rows and drawings; knows no store and takes no decision."""
