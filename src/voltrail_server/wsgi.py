"""The door that an application server knocks at."""

import os
from threading import Event, Thread

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
application = get_wsgi_application()

if os.environ.get("VOLTRAIL_SUPERVISED"):
    from voltrail_server.operations import lifeline

    lifeline.watch()

if settings.VOLTRAIL_SEQUENCER:
    from voltrail_server import wiring  # after Django's set-up

    wiring.sequencer().start()
    Thread(target=wiring.tick().run, args=(Event(),), name="due", daemon=True).start()
