"""The site as gunicorn runs it: gunicorn -c python:webapp.gunicorn_conf webapp.wsgi:app"""

import logging
import os
import sys

from webapp.app import create_app
from webapp.settings import SettingsWrong, WebSettings
from webapp.wiring import build

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
logging.getLogger("botocore").setLevel(logging.WARNING)
try:
    settings = WebSettings.from_env(os.environ)
except SettingsWrong as error:
    sys.exit(f"The site cannot start. {error}")
app = create_app(settings, build(settings))
