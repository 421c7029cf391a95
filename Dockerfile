# One image for web, worker, beat and migrate. No secret and no address is in any layer.
FROM python:3.13.9-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /build/base.txt
RUN /opt/venv/bin/pip install --require-hashes -r /build/base.txt
COPY . /app
WORKDIR /app
# collectstatic reads neither database nor broker; what only a running process needs is made up and forgotten
RUN TIEOUT_MODE=production EMAIL_URL=console: /opt/venv/bin/python manage.py collectstatic --noinput \
 && /opt/venv/bin/python -m compileall -q accounts mapping syncapp trust

FROM python:3.13.9-slim-trixie
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=syncapp.settings CELERY_BEAT_FILE=/tmp/beat
RUN groupadd --system --gid 10001 tieout \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent tieout
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-m", "syncapp.probe", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "syncapp.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--worker-class", "gthread", "--threads", "4", "--worker-tmp-dir", "/dev/shm", \
     "--max-requests", "5000", "--max-requests-jitter", "500"]
