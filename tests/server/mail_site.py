"""The site with a mail server in a process of its own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from django.test import override_settings

from server.signing_site import Site, site
from voltrail_server.notices.models import AddressChange, Habit, Letter, Notice, Told, Wish
from voltrail_server.people.models import Account, Tally

__all__ = ["post", "site"]


@dataclass
class Post:
    """The mail server: started and stopped by tests, and what it took."""

    site: Site
    folder: Path
    port: int
    child: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        sink = str(Path(__file__).with_name("smtp_sink.py"))
        self.child = subprocess.Popen(
            [sys.executable, sink, str(self.port), str(self.folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.child.stdout is not None
        assert self.child.stdout.readline() == "ready\n"

    def stop(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait(10)
            assert self.child.stdout is not None
            self.child.stdout.close()
            self.child = None

    def took(self) -> list[EmailMessage]:
        read = BytesParser(EmailMessage, policy=policy.default)
        return [read.parsebytes(one.read_bytes()) for one in sorted(self.folder.glob("*.eml"))]

    def knows(self, name: str, mail: str) -> Account:
        """Let somebody have a mail address."""
        self.site.browser(name)
        account = Account.objects.get(username=name)
        account.mail = mail
        account.save(update_fields=["mail"])
        return account


@pytest.fixture
def post(site: Site, tmp_path: Path) -> Iterator[Post]:
    """A site that can send mail, and the server that takes it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    made = Post(site, tmp_path, port)
    made.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        DEFAULT_FROM_EMAIL="voltrail@nordlicht.example",
    ):
        yield made
    made.stop()
    for table in (Notice, Letter, Wish, Habit, AddressChange, Told, Tally):
        table.objects.all().delete()
