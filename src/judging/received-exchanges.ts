import { openExchange, recordedExchange, redactorOf } from '../http/received.ts';
import type { Cell } from '../model/cell.ts';
import type { Exchange, HttpResponse } from '../model/exchange.ts';

type Exchanges = ReadonlyMap<string, Exchange>;

const opened = new WeakMap<Exchanges, Exchanges>();

/** The same with every response as it was received, which is what rules judge. */
export function withReceived<Sent extends { readonly exchanges: Exchanges }>(sent: Sent): Sent {
  const { exchanges } = sent;
  const known = opened.get(exchanges);
  if (known?.size === exchanges.size) return { ...sent, exchanges: known };
  const made = new Map([...exchanges].map(([id, exchange]) => [id, openExchange(exchange)]));
  opened.set(exchanges, made);
  return { ...sent, exchanges: made };
}

/** The cell as it leaves the judge: exchanges as they are recorded, and no part of a key in any text. */
export function recordedCell(cell: Cell, redact: (text: string) => string): Cell {
  const reasonOf = ({ reason }: { readonly reason?: string }): { reason?: string } =>
    reason === undefined ? {} : { reason: redact(reason) };
  return {
    ...cell,
    ...reasonOf(cell),
    cases: cell.cases.map((verdict) => ({
      ...verdict,
      ...reasonOf(verdict),
      ...(verdict.unmet.length > 0 && {
        unmet: verdict.unmet.map((found) => ({
          ...found,
          expected: redact(found.expected),
          actual: redact(found.actual),
        })),
      }),
      ...(verdict.exchange && { exchange: recordedExchange(verdict.exchange) }),
      ...(verdict.control && { control: recordedExchange(verdict.control) }),
    })),
  };
}

/** Texts about exchanges, such as fingerprints, without a part of a key. */
export function redactedTexts(
  texts: Readonly<Record<string, string>>,
  exchanges: Exchanges,
): Readonly<Record<string, string>> {
  const redact = redactorOf(exchanges.values());
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, redact(text)]));
}

/** A response as it was received, for a comparison with others that were. */
export function receivedResponse(exchange: Exchange): HttpResponse | undefined {
  return openExchange(exchange).response;
}
