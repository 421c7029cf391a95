FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 DJANGO_SETTINGS_MODULE=syncapp.settings
WORKDIR /app
RUN useradd --system --home-dir /app tieout

COPY requirements/base.txt requirements/base.txt
RUN pip install --disable-pip-version-check --require-hashes -r requirements/base.txt
COPY . .
# collectstatic reads no database; placeholders stand in for what only a running process needs
RUN TIEOUT_MODE=production EMAIL_URL=console: python manage.py collectstatic --noinput

USER tieout
EXPOSE 8000
CMD ["gunicorn", "syncapp.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/dev/shm"]
