# The command line from its npm package: docker build --tag shiftlint - < Dockerfile
FROM node:20.20.2-bookworm-slim

ARG SHIFTLINT_VERSION=0.1.0
ARG ONNXRUNTIME_VERSION=1.30.0

# With onnxruntime-node models run natively; its install script would fetch CUDA libraries, and its CPU runtime is in the package.
RUN npm install --global --ignore-scripts --no-audit --no-fund \
      "shiftlint@${SHIFTLINT_VERSION}" "onnxruntime-node@${ONNXRUNTIME_VERSION}" \
    && npm cache clean --force

USER node
WORKDIR /work
ENTRYPOINT ["shiftlint"]
CMD ["--help"]
