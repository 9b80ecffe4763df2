"""What include files of templates ask for themselves, so that no host page must know of them."""
