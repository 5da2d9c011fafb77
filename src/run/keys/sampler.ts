import type { HttpSender } from '../../http/sender.ts';
import { isSuccess } from '../../judging/expectations.ts';
import type { Clock } from '../../model/clock.ts';
import type { Contract, Operation } from '../../model/contract.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { SampleResult } from '../../model/key-lifecycle.ts';
import type { ObservedSample } from '../../model/key-observations.ts';
import type { PlannedRequest } from '../../model/request.ts';
import type { Target } from '../../model/target.ts';
import type { SchemaValidators } from '../../openapi/schema-validators.ts';
import { OperationSamples } from '../../requests/operation-samples.ts';
import { RequestBuilder } from '../../requests/request-builder.ts';
import { type SecurityAlternative, securityAlternativesOf } from '../../requests/security-alternative.ts';
import type { Secret } from '../../secret.ts';
import { ClockSkew } from './clock-skew.ts';

/** A way to show a key: to an operation, in one form. */
export interface Way {
  readonly operation: Operation;
  readonly alternative: SecurityAlternative;
}

/** Connections on which each key is shown in each form: they may lead to several nodes, each with a cache of its own. */
export const CONNECTIONS = 3;

export interface SamplerTools {
  readonly contract: Contract;
  readonly target: Target;
  readonly wire: HttpSender;
  readonly schemas: SchemaValidators;
  readonly clock: Clock;
  /** Unix milliseconds of the time from which all times count. */
  readonly startedAt: number;
}

/** The forms in which a made key can be shown to an operation: those that take the key, and no other credential in its place. */
export function waysOf(contract: Contract, operation: Operation): readonly Way[] {
  return securityAlternativesOf(contract, operation)
    .filter(({ varied }) => varied && contract.equivalentSchemes.includes(varied.name))
    .map((alternative) => ({ operation, alternative }));
}

/** Sends requests with made keys and says what each of them shows. */
export class Sampler {
  readonly #tools: SamplerTools;
  readonly #builders = new Map<string, RequestBuilder>();
  readonly skew = new ClockSkew();
  #order = 0;

  constructor(tools: SamplerTools) {
    this.#tools = tools;
  }

  /** Seconds since the asking began. */
  get now(): number {
    return this.seconds(this.#tools.clock.now());
  }

  /** The next place in the order of samples and changes. */
  get order(): number {
    return ++this.#order;
  }

  seconds(time: number): number {
    return Math.round(time - this.#tools.startedAt) / 1000;
  }

  /** The request with the full-access key. */
  control(way: Way): Promise<Exchange> {
    const builder = this.#builder(way);
    return this.#send(builder.build({ key: builder.fullKey() }), 'key-control');
  }

  /** The request without any credential. */
  withoutKey(way: Way): Promise<Exchange> {
    return this.#send(this.#builder(way).build({}), 'key-control');
  }

  /**
   * Shows a key in each of the ways on each of the connections, at once. A refusal counts where the full-access key is accepted
   * in the same way afterwards.
   */
  async show(key: Secret, ways: readonly Way[], connections = CONNECTIONS): Promise<readonly ObservedSample[]> {
    const numbers = Array.from({ length: connections }, (_, index) => index + 1);
    const shown = await Promise.all(
      ways.map(async (way) => {
        const samples = await Promise.all(numbers.map((connection) => this.#sample(key, way, connection)));
        if (!samples.some(({ what }) => what === 'refused')) return samples;
        const control = await this.control(way);
        return samples.map((sample) => (sample.what === 'refused' ? withControl(sample, control) : sample));
      }),
    );
    return shown.flat().toSorted((one, other) => one.at - other.at);
  }

  async #sample(key: Secret, way: Way, connection: number): Promise<ObservedSample> {
    const request = this.#builder(way).build({ key });
    const { order, now: at } = this;
    const exchange = await this.#send({ ...request, connection }, 'key-sample');
    const { response, fault } = exchange;
    return {
      order,
      at,
      took: Math.max(0, Math.round((this.now - at) * 1000) / 1000),
      what: shownBy(exchange),
      ...(response && { status: response.status }),
      form: way.alternative.id,
      connection,
      operation: way.operation.id,
      exchange,
      ...(fault && { reason: fault.message }),
    };
  }

  async #send(request: PlannedRequest, probe: string): Promise<Exchange> {
    const { clock, wire } = this.#tools;
    const sentAt = clock.now();
    const exchange = await wire.send(request, probe);
    this.skew.notice(exchange, sentAt, clock.now());
    return exchange;
  }

  #builder({ operation, alternative }: Way): RequestBuilder {
    const name = `${alternative.id} ${operation.id}`;
    const { contract, target, schemas } = this.#tools;
    const known =
      this.#builders.get(name) ??
      new RequestBuilder(contract, operation, target, alternative, schemas, new OperationSamples(target));
    this.#builders.set(name, known);
    return known;
  }
}

function shownBy({ response, fault, rewritten }: Exchange): SampleResult {
  if (fault) return 'fault';
  if (rewritten !== undefined) return 'unclear';
  if (isSuccess(response)) return 'opened';
  return response.status === 401 || response.status === 403 ? 'refused' : 'unclear';
}

function withControl(sample: ObservedSample, control: Exchange): ObservedSample {
  if (control.response && isSuccess(control.response)) return { ...sample, control };
  const got = control.response?.status ?? control.fault?.message ?? 'no response';
  return { ...sample, control, what: 'unclear', reason: `a key that is still valid got ${got} there` };
}
