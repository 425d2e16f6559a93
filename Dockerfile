# For those who host. Not the way in: `make run` is. Without people who may sign in (docs/security.md) the image does not start; to ask
# nobody, so that whoever reaches the port owns the data, publish it on this machine's loopback and mean it with the flag:
#   docker build -t cxroi .
#   docker run --rm -p 127.0.0.1:8501:8501 -v cxroi:/data cxroi --open-to-network
FROM python:3.11-slim
RUN pip install --no-cache-dir uv && useradd --create-home --uid 1000 cxroi
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --extra sign-in --extra connect --compile-bytecode
COPY . .
RUN mkdir -p /data && chown cxroi /data
USER cxroi
ENV CXROI_WORKSPACE=/data PATH="/app/.venv/bin:$PATH"
VOLUME /data
EXPOSE 8501
HEALTHCHECK CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/readyz')"
ENTRYPOINT ["python", "app.py", "--address", "0.0.0.0", "--headless"]
