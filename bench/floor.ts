import { Agent } from 'undici';
import { validatorsOf } from '../src/openapi/schema-validators.ts';
import type { PlannedRequest } from '../src/model/request.ts';
import { planAll } from '../src/run/plan-run.ts';
import { connectorOf } from '../src/http/client.ts';
import { connectionTo } from '../src/http/connection.ts';
import { RawClient, isOrdinary } from '../src/http/raw-client.ts';
import { openText } from '../src/http/request-text.ts';
import { SENDER_DEFAULTS } from '../src/http/sender.ts';
import { cases } from '../tests/catalogue/index.ts';
import { runConfiguration } from '../tests/playwright/run.ts';

/**
 * The floor under a run: the bytes that it sends, to the same target, as many at a time, and nothing looked at but the
 * status. Through undici where that can write them; the rest as the suite writes it. None over HTTP/2, which the mock does
 * not offer. Usage: by bench/speed.ts and bench/scale.ts, with the variables of a run.
 */
const { contract, target } = await runConfiguration();
const planned = planAll(contract, target, { cases }, validatorsOf(contract));
const requests = [...planned.values()]
  .flat()
  .flatMap(({ request, case: one }) => (request && !request.http2 && one.kind !== 'on-demand' ? [request] : []));
const { concurrency, timeout, largestBody } = SENDER_DEFAULTS;
const agent = new Agent({
  connections: concurrency,
  connect: connectorOf({ connection: connectionTo(target), timeout }),
});
const raw = new RawClient({ connection: connectionTo(target), timeout, largestBody, connections: concurrency });
const statuses = new Map<number, number>();
let sent = 0;

const start = performance.now();
const queue = requests.values();
await Promise.all(
  Array.from({ length: concurrency }, async () => {
    for (const request of queue) await send(request);
  }),
);
const elapsed = performance.now() - start;
process.stdout.write(`${elapsed.toFixed(0)} ms for ${sent} requests, ${statuses.get(401) ?? 0} of them answered 401\n`);
await agent.destroy();

async function send(request: PlannedRequest): Promise<void> {
  const origin = new URL((request.via === 'plain-http' ? target.plainHttpUrl : target.baseUrl) ?? target.baseUrl);
  const bytes = {
    method: request.method,
    target: openText(request.target),
    headers: request.headers.map(([name, value]) => [name, openText(value)] as const),
    body: request.body === undefined ? undefined : openText(request.body),
    newestTls: request.newestTls,
    serverName: request.serverName,
  };
  if (request.earlier) await send(request.earlier.request);
  sent++;
  if (!isOrdinary(bytes)) {
    await raw.send(origin, [bytes], 'floor').then(
      ({ response }) => count(response.status),
      () => count(0),
    );
    return;
  }
  const { statusCode, body } = await agent.request({
    origin: origin.origin,
    path: bytes.target,
    method: bytes.method,
    headers: bytes.headers.flat(),
    ...(bytes.body !== undefined && { body: bytes.body }),
    // undici takes the name for TLS from Host otherwise, which some requests claim falsely.
    ...{ servername: origin.hostname },
  });
  await body.dump();
  count(statusCode);
}

function count(status: number): void {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}
