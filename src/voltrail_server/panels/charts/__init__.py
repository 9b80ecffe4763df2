"""Charts as shapes with places: the templates draw them as SVG, with the same in words beside."""
