import { inspect } from 'node:util';
import type { Body, Exchange, HttpResponse } from '../model/exchange.ts';
import { bodyShape } from './body-shape.ts';
import { type ReadBody, recordedText, replaceControlCharacters } from './response-body.ts';

/**
 * Two forms of one response. Rules judge it as it was received, since a key may hold words that stand in a response by
 * chance. Reports, messages and attachments get the record, from which every part of a key is taken out. An `Exchange`
 * holds the record; `openExchange` gives what was received, and a lint rule keeps that to `src/judging/`.
 */

export type Redact = (text: string) => string;

/** Of a response that was recorded: what was received. */
const openForms = new WeakMap<HttpResponse, HttpResponse>();
/** Of a response as it was received: its record. */
const records = new WeakMap<HttpResponse, HttpResponse>();
/** Of an exchange that was opened: its record. */
const recordedExchanges = new WeakMap<Exchange, Exchange>();
const redactors = new WeakMap<Exchange, Redact>();

/** A value that prints and serialises as another one, whoever prints it. */
abstract class Concealed {
  protected abstract recorded(): unknown;

  toJSON(): unknown {
    return this.recorded();
  }

  toString(): string {
    return JSON.stringify(this.recorded());
  }

  [inspect.custom](): unknown {
    return this.recorded();
  }
}

class OpenBody extends Concealed implements Body {
  readonly text: string;
  readonly bytes: number;
  readonly truncated: boolean;
  declare readonly json?: unknown;
  declare readonly jsonError?: string;
  readonly #record: () => Body;

  constructor(body: Body, record: () => Body) {
    super();
    this.text = body.text;
    this.bytes = body.bytes;
    this.truncated = body.truncated;
    if (body.json !== undefined) this.json = body.json;
    if (body.jsonError !== undefined) this.jsonError = body.jsonError;
    this.#record = record;
  }

  protected override recorded(): Body {
    return this.#record();
  }
}

class OpenResponse extends Concealed implements HttpResponse {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly body: Body;
  readonly #record: () => HttpResponse;

  constructor(status: number, headers: HttpResponse['headers'], body: Body, record: () => HttpResponse) {
    super();
    this.status = status;
    this.headers = headers;
    this.body = new OpenBody(body, () => record().body);
    this.#record = record;
  }

  protected override recorded(): HttpResponse {
    return this.#record();
  }
}

/** A response before it is recorded. */
export interface ReceivedParts extends ReadBody {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
}

/**
 * The record of a response, made when it is read, since of most responses nobody reads it.
 *
 * @param showsData records the text of a success. What the target lets its keys read is as secret as the keys: without
 * it, a success has its shape in the place of its text
 */
export function recordResponse(parts: ReceivedParts, redact: Redact, showsData: boolean): HttpResponse {
  const { status, headers, body } = parts;
  const isData = status >= 200 && status < 300 && !showsData;
  let text: string | undefined;
  let lines: HttpResponse['headers'] | undefined;
  const recordedBody: Body = {
    get text() {
      return (text ??= isData ? redact(bodyShape(body)) : recordedText(redact(parts.beginning)));
    },
    bytes: body.bytes,
    truncated: body.truncated,
    ...(body.jsonError !== undefined && { jsonError: redact(body.jsonError) }),
  };
  if (body.json !== undefined) {
    let json: { readonly value: unknown } | undefined;
    Object.defineProperty(recordedBody, 'json', {
      enumerable: true,
      get: () => (json ??= { value: redactedJson(body.json, redact) }).value,
    });
  }
  const record: HttpResponse = {
    status,
    get headers() {
      return (lines ??= headers.map(([name, value]) => [redact(name), recordedValue(name, value, isData, redact)]));
    },
    body: recordedBody,
  };
  const open = new OpenResponse(status, headers, body, () => record);
  openForms.set(record, open);
  records.set(open, record);
  return record;
}

/** A session that the target opens for its caller is as secret as the key it was opened with. */
function recordedValue(name: string, value: string, isData: boolean, redact: Redact): string {
  const shown = isData && name.toLowerCase() === 'set-cookie' ? value.replace(/=[^;]*/, '=…') : value;
  return replaceControlCharacters(redact(shown));
}

/** `readJson` lets no deeper nesting through than 64 levels, so this may recurse. */
function redactedJson(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') return redact(String(value)) === String(value) ? value : redact(String(value));
  if (Array.isArray(value)) return value.map((item) => redactedJson(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [redact(name), redactedJson(member, redact)]),
  );
}

/** Remembers what takes keys out of texts about the exchange. */
export function keepRedactor(exchange: Exchange, redact: Redact): Exchange {
  redactors.set(exchange, redact);
  return exchange;
}

/** What takes keys out of texts about these exchanges: the same for all of one run. */
export function redactorOf(exchanges: Iterable<Exchange>): Redact {
  for (const exchange of exchanges) {
    const redact = redactors.get(exchange);
    if (redact) return redact;
  }
  // None of them was sent by a sender, so none holds a key.
  return String;
}

/** The exchange with its response as it was received. */
export function openExchange(exchange: Exchange): Exchange {
  const open = opened(exchange);
  if (open !== exchange) recordedExchanges.set(open, exchange);
  return open;
}

function opened(exchange: Exchange): Exchange {
  if (exchange.response) {
    const response = openForms.get(exchange.response);
    return response ? { ...exchange, response } : exchange;
  }
  const { lastResponse } = exchange.fault;
  const response = lastResponse && openForms.get(lastResponse);
  return response ? { ...exchange, fault: { ...exchange.fault, lastResponse: response } } : exchange;
}

/** The exchange as reports have it. */
export function recordedExchange(exchange: Exchange): Exchange {
  return recordedExchanges.get(exchange) ?? exchange;
}

/** The response as reports have it. */
export function recordedResponse(response: HttpResponse): HttpResponse {
  return records.get(response) ?? response;
}
