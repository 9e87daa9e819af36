# The API in a container. It runs without root, has no build tools, and writes only to /data and /tmp.
#   docker build --tag career-ladder-api .
#   docker run --rm --read-only --tmpfs /tmp --volume ladders:/data --publish 8000:8000 \
#     --cap-drop ALL --security-opt no-new-privileges --memory 1g --pids-limit 256 career-ladder-api
#
# The digest fixes the exact image. To take a newer one:
#   docker buildx imagetools inspect python:3.13-slim-trixie
ARG PYTHON=python:3.13-slim-trixie@sha256:9d2e5553305c7c7b0097999bb17187c69b921ccd6bc9d40e4bb5ebe652c00285

FROM ${PYTHON} AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/ requirements/
# The environment that serves contains no pip. The build environment installs into it.
RUN python -m venv --without-pip /opt/ladder \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --requirement requirements/build.txt \
    && /opt/build/bin/pip --python /opt/ladder install --require-hashes --requirement requirements/runtime.txt
COPY pyproject.toml README.md LICENSE openapi.json ./
COPY app/ app/
COPY migrations/ migrations/
COPY seed/ seed/
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/build/bin/pip --python /opt/ladder install --no-deps --no-index /dist/*.whl

FROM ${PYTHON}
RUN groupadd --system --gid 10001 ladder \
    && useradd --system --uid 10001 --gid ladder --home-dir /data --no-create-home ladder \
    && install --directory --owner ladder --group ladder /data
COPY --from=build /opt/ladder /opt/ladder
ENV PATH=/opt/ladder/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LADDER_DATABASE_URL=sqlite:////data/ladder.db
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as http; http.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz\", timeout=2)"]
CMD ["ladder", "serve", "--host", "0.0.0.0"]
