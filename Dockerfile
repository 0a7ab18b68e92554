# Four images: `worker` (the default), `worker-video` with PyAV for clips and photos from the camera's stream, `board` with
# the screens, and `demo` with the local cloud and the simulated camera.

FROM python:3.13-slim-trixie AS worker-parts
WORKDIR /app
COPY requirements.lock /
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /requirements.lock \
    # Of Pillow a watch reads JPEG alone: AVIF would be 5 MB.
    && rm -f /opt/venv/lib/python3.*/site-packages/PIL/_avif.* /opt/venv/lib/python3.*/site-packages/pillow.libs/libavif-*
COPY worker worker
# The image is read-only where it runs: bytecode must be there, and need not be compared with its source.
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib /app

FROM python:3.13-slim-trixie AS worker-video-parts
WORKDIR /app
COPY requirements-video.lock /
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /requirements-video.lock
COPY worker worker
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib /app

FROM python:3.13-slim-trixie AS board-parts
WORKDIR /app
COPY requirements-board.lock /
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /requirements-board.lock
COPY board board
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib /app

FROM python:3.13-slim-trixie AS demo-parts
WORKDIR /app
COPY requirements-demo.lock /
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /requirements-demo.lock
COPY worker worker
COPY lambda_trigger lambda_trigger
COPY infra infra
COPY localcloud localcloud
COPY board board
COPY demo demo
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/venv/lib /app

FROM python:3.13-slim-trixie AS base
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
STOPSIGNAL SIGTERM

FROM base AS demo
LABEL org.opencontainers.image.title="camera-to-voice demo" \
      org.opencontainers.image.description="A local cloud and a simulated camera for trying camera-to-voice." \
      org.opencontainers.image.licenses="MIT AND BSD-3-Clause AND GPL-3.0-or-later"
RUN install --directory --owner 10001 --group 10001 --mode 0755 /heard /demo-output
COPY --from=demo-parts /opt/venv /opt/venv
COPY --from=demo-parts /app /app
COPY LICENSE THIRD_PARTY_NOTICES.md /app/
USER 10001:10001
ENTRYPOINT ["python", "-m"]

FROM base AS board
LABEL org.opencontainers.image.title="camera-to-voice board" \
      org.opencontainers.image.description="The screens of camera-to-voice: gallery, comfort monitor, billboard, history." \
      org.opencontainers.image.licenses="MIT"
ENV DATA_DIR=/var/lib/worker BOARD_HOST=0.0.0.0 BOARD_PORT=8080
RUN install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/worker
COPY LICENSE THIRD_PARTY_NOTICES.md /app/
COPY --from=board-parts /opt/venv /opt/venv
COPY --from=board-parts /app /app
USER 10001:10001
VOLUME /var/lib/worker
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"BOARD_PORT\"]}/healthz', timeout=5)"]
ENTRYPOINT ["python", "-m", "board"]

FROM base AS worker-frame
LABEL org.opencontainers.image.title="camera-to-voice" \
      org.opencontainers.image.description="Press a button; the camera takes a photo and says, through its own speaker, how you look." \
      org.opencontainers.image.licenses="MIT"
ENV DATA_DIR=/var/lib/worker
RUN install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/worker
COPY LICENSE THIRD_PARTY_NOTICES.md /app/
USER 10001:10001
VOLUME /var/lib/worker
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "worker", "health"]
ENTRYPOINT ["python", "-m", "worker"]

FROM worker-frame AS worker-video
# PyAV's wheel carries FFmpeg, x264 and x265: THIRD_PARTY_NOTICES.md.
LABEL org.opencontainers.image.licenses="MIT AND BSD-3-Clause AND GPL-3.0-or-later"
COPY --from=worker-video-parts /opt/venv /opt/venv
COPY --from=worker-video-parts /app /app

FROM worker-frame AS worker
COPY --from=worker-parts /opt/venv /opt/venv
COPY --from=worker-parts /app /app
