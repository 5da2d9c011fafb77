import { expectDenied, hangUpIsRefusal } from '../../src/judging/access.ts';
import { isEndless } from '../../src/http/endless.ts';
import { finding, summary } from '../../src/judging/expectations.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { ControlledCase } from '../../src/requests/case.ts';
import { needsBody, needsGet } from './conditions.ts';
import { validKey } from './shared-cases.ts';

/** The nonce that RFC 6455 §1.3 shows: sixteen bytes in Base64. It is no credential. */
const NONCE = 'dGhlIHNhbXBsZSBub25jZQ==';

const handshake: ControlledCase = {
  id: 'websocket-handshake',
  kind: 'controlled',
  group: 'routing',
  title: 'no credential, and the opening handshake of a WebSocket',
  control: validKey,
  reasonNotApplicable: needsGet,
  request: (builder) =>
    builder.build({
      headers: [
        ['Connection', ['Upgrade']],
        ['Upgrade', ['websocket']],
        ['Sec-WebSocket-Version', ['13']],
        ['Sec-WebSocket-Key', [NONCE]],
      ],
    }),
};

/**
 * "Every API request requires an API key", and the handshake of a WebSocket is a GET (RFC 6455 §4.1). Servers hand it to a
 * listener of its own, in front of which nobody thinks of the gate.
 *
 * A server that ignores the request to upgrade answers as usual, and may refuse the handshake as such: 400, 426.
 */
const upgrade: Rule = {
  id: 'upgrade',
  level: 'MUST',
  title: 'a WebSocket is opened to nobody without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288], owaspApi: ['API2', 'API8'], asvs: ['8.3.1'], severity: 'critical' },
  given: { cases: [handshake] },
  expectations: ['refused'],
  verify: (judged) =>
    judged.response.status === 101
      ? [finding('refused', false, 'a refusal', 'status 101: the connection is open')]
      : expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

const eventStreamOnly: ControlledCase = {
  id: 'event-stream',
  kind: 'controlled',
  group: 'routing',
  title: 'no credential, and only a stream of events for a response',
  control: validKey,
  reasonNotApplicable: needsGet,
  request: (builder) => builder.build({ accept: 'text/event-stream' }),
};

/**
 * "Every API request requires an API key", whatever form of response it asks for. What streams events often stands before
 * the gate, since the browser's own client for it sends no header (HTML, §9.2).
 */
const eventStream: Rule = {
  id: 'event-stream',
  level: 'MUST',
  title: 'a stream of events is opened to nobody without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288], owaspApi: ['API2', 'API8'], asvs: ['8.3.1'], severity: 'critical' },
  given: { cases: [eventStreamOnly] },
  expectations: ['refused'],
  verify: (judged) =>
    isEndless(judged.response)
      ? [finding('refused', false, 'a refusal', summary(judged.response))]
      : expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

const bodyHeldBack: ControlledCase = {
  id: 'body-held-back',
  kind: 'controlled',
  group: 'routing',
  title: 'no credential, and a body that is held back for a 100',
  control: validKey,
  reasonNotApplicable: needsBody,
  request: (builder) => builder.build({ headers: [['Expect', ['100-continue']]] }),
};

/**
 * "Every API request requires an API key", also one that waits for leave to send its body. Servers hand it to a listener of
 * its own, in front of which nobody thinks of the gate.
 *
 * RFC 9110 §10.1.1 wants a final status at once where the head is enough to tell it. Only what the response says in the end
 * is judged all the same: many servers write 100 before any handler is asked, and refuse the request without its body.
 */
const expectContinue: Rule = {
  id: 'expect-continue',
  level: 'MUST',
  title: 'a request that waits for a 100 is denied without a key',
  section: 'Ways round authentication',
  since: '2026.11',
  source: { promise: 'key-required' },
  standards: { cwe: [288], owaspApi: ['API2', 'API8'], asvs: ['8.3.1'], severity: 'critical' },
  given: { cases: [bodyHeldBack] },
  expectations: ['refused'],
  verify: (judged) => expectDenied(judged),
  verifyFault: hangUpIsRefusal,
};

export const upgradeRules: readonly Rule[] = [upgrade, eventStream, expectContinue];
