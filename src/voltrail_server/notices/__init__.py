"""Notices: what happened or waits, told to each person in the product and by mail as they wish."""
