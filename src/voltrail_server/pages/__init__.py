"""The site: one folder per desk; each page asks one question or calls one action, then renders."""
