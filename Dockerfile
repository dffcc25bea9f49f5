# The product as an image: fetched by hash, started by its console script, as nobody in particular.
FROM python:3.11-slim AS build

WORKDIR /src
RUN python -m venv /opt/ringfence
COPY requirements.lock ./
RUN /opt/ringfence/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY api api
COPY configs configs
COPY cypher cypher
COPY detectors detectors
COPY gnn gnn
COPY graph graph
COPY ingest ingest
RUN /opt/ringfence/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-build-isolation --no-index .

FROM python:3.11-slim

# LightGBM is linked to OpenMP's runtime, which its wheel does not bring.
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*

# 1000 is the first user of most hosts, so that a token file which only its owner can read can be read here too.
RUN useradd --uid 1000 --home-dir /var/lib/ringfence --create-home --shell /usr/sbin/nologin ringfence
COPY --from=build /opt/ringfence /opt/ringfence
COPY LICENSE NOTICE /usr/share/doc/ringfence/
ENV PATH=/opt/ringfence/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RINGFENCE_HOME=/var/lib/ringfence/home
USER ringfence
WORKDIR /var/lib/ringfence
RUN mkdir --mode=700 home
VOLUME /var/lib/ringfence/home
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=3)"]
ENTRYPOINT ["ringfence"]
CMD ["serve", "--host", "0.0.0.0"]
