# The suite as it is packed, without a browser, which only its own tests need. Mount the folder of your project, and reports
# are written into it:
#   docker run --rm --volume "$PWD:/workspace" --env-file .env auth-conformance run --contract specs/acme
FROM node:22-bookworm-slim AS build
WORKDIR /suite
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run package

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /suite
COPY package.json package-lock.json .npmrc .env.example ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force
COPY --from=build /suite/dist ./dist
COPY scripts/auth-conformance.js scripts/built.js scripts/playwright.js scripts/start.js ./scripts/
RUN ln -s /suite/scripts/auth-conformance.js /usr/local/bin/auth-conformance \
  && install --directory --owner=node --group=node /workspace /workspace/reports
USER node
WORKDIR /workspace
VOLUME ["/workspace/reports"]
ENTRYPOINT ["auth-conformance"]
CMD ["--help"]
