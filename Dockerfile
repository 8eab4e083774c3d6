# The service, small and without root. Build: docker build -t ventanilla .
FROM python:3.11-slim-trixie AS build
WORKDIR /app
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for `backup`: of the version that compose.yaml starts.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app ventanilla && mkdir -p /var/lib/ventanilla /backups \
    && chown ventanilla /var/lib/ventanilla /backups
WORKDIR /app
COPY --from=build /venv /venv
COPY faq faq
COPY handlers handlers
COPY storage storage
COPY bot bot
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 HOST=0.0.0.0 PORT=8080 DATA_DIR=/var/lib/ventanilla
USER ventanilla
EXPOSE 8080
VOLUME /var/lib/ventanilla
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["python", "-m", "bot", "serve"]
