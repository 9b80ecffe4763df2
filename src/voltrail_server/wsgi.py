"""The door that an application server knocks at."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voltrail_server.settings")
application = get_wsgi_application()
