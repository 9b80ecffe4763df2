"""An empty Django view behind the same server, as the bound that pages are compared with."""

import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

if not settings.configured:  # the server's own process has read this file before its worker
    settings.configure(
        ROOT_URLCONF="empty_site",
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="nothing is kept here",
        MIDDLEWARE=[],
    )


def empty(_: HttpRequest) -> HttpResponse:
    return HttpResponse("empty")


urlpatterns = [path("", empty)]


application = get_wsgi_application()


if __name__ == "__main__":
    Granian(
        "empty_site:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()
