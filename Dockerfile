# The API with its models; the graph lives in Neo4j (see compose.yaml) or, without NEO4J_URI, embedded under /data.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE NOTICE ./
COPY core core
COPY classifier classifier
COPY extraction extraction
COPY graph graph
COPY allocation allocation
COPY api api
COPY demo demo
RUN python -m venv /opt/citygraph \
 && /opt/citygraph/bin/pip install --no-cache-dir --constraint requirements.lock .

FROM python:3.11-slim
COPY --from=build /opt/citygraph /opt/citygraph
RUN useradd --create-home --uid 10001 city && mkdir /data && chown city /data
USER 10001
ENV PATH=/opt/citygraph/bin:$PATH CITYGRAPH_HOME=/data CITYGRAPH_HOST=0.0.0.0 CITYGRAPH_ENVIRONMENT=production
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=5 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["citygraph"]
CMD ["serve"]
