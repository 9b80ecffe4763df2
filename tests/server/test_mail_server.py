"""The mail server's address is read, or refused in words that hold no password."""

import pytest

pytest.importorskip("django")

from voltrail.errors import MalformedError
from voltrail_server.mail_server import MailServer, read


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("", MailServer()),
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://mail.example?tls=ssl", MailServer("mail.example", 465, "", "", "ssl")),
        (
            "smtp://me%40x:p%3Aw@mail.example:2525?tls=starttls",
            MailServer("mail.example", 2525, "me@x", "p:w", "starttls"),
        ),
    ],
)
def test_an_address_says_where_and_how(url: str, found: MailServer) -> None:
    assert read(url) == found


@pytest.mark.parametrize(
    "url",
    ["mail.example", "http://a:secret@b", "smtp://:secret@", "smtp://a:secret@b:99999",
     "smtp://a:secret@b?tls=maybe", "smtp://[::secret"],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_no_password_told(url: str) -> None:
    with pytest.raises(MalformedError) as told:
        read(url)
    assert "secret" not in f"{told.value} {told.value.hint}"
