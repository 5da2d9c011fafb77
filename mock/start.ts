import { removeAuthority, writeAuthority } from './server/authority-file.ts';
import { authority } from './server/certificates.ts';
import { type Confinement, ConfinementError, patched } from './server/confinement.ts';
import { isForm, usesForm } from './server/credentials.ts';
import { type KeyConsole, openConsole } from './server/key-console.ts';
import { issueKeys } from './server/keys.ts';
import { listen, type Listener } from './server/listener.ts';
import { refuse, respond } from './server/pipeline.ts';
import { RateLimiter } from './server/rate-limiter.ts';
import { requestOf } from './server/request.ts';
import { sound } from './server/sound.ts';
import { servicesOf } from './server/state.ts';
import { allDefects, type AnyDefectId } from './defects/index.ts';
import { type Addresses, settingsOf } from './settings.ts';
import type { Api, EnvironmentName } from './types/api.ts';
import type { Behaviour } from './types/behaviour.ts';
import type { HeaderLine, MockResponse } from './types/http.ts';
import type { Clock } from './types/lifecycle.ts';
import type { RateLimit } from './types/rate-limit.ts';
import type { MockRequest } from './types/request.ts';
import type { Effect, ServerState } from './types/state.ts';
import { type AnyVariantId, variants } from './variants/index.ts';

export interface MockOptions {
  /** An OpenAPI document of version 3. Its references point into itself. */
  readonly document: object;
  /** What its variables begin with: `huechat` gives `HUECHAT_BASE_URL`. */
  readonly name: string;
  /** The one thing that is wrong; absent: nothing is. */
  readonly defect?: (Confinement & { readonly id: AnyDefectId }) | undefined;
  /** The one thing that is unusual though right. */
  readonly variant?: AnyVariantId | undefined;
  /** The first port; the others count up from it. Absent: any free ones. */
  readonly port?: number | undefined;
  /** Of requests, for each key; absent: 100,000 a minute. */
  readonly rateLimit?: RateLimit | undefined;
  /** Of bad keys, for each address; absent: 100,000 a minute. */
  readonly attemptLimit?: RateLimit | undefined;
  /** Where the authority's certificate is written, and removed from on close. Absent: in the system's temporary folder. */
  readonly caFile?: string | undefined;
  /** What the mock goes by, in the field Date too; absent: the time of this machine. */
  readonly clock?: Clock | undefined;
}

export interface Mock {
  readonly environments: Readonly<Record<EnvironmentName, Addresses>>;
  /** Certificate of its authority, PEM. */
  readonly ca: string;
  /** Names and values of the variables that lead to one environment; mock/README.md lists them. */
  readonly settings: (environment: EnvironmentName) => Record<string, string>;
  /** The requests that were carried out and may change something. */
  readonly effects: readonly Effect[];
  readonly requestCount: number;
  readonly close: () => Promise<void>;
}

const GENEROUS: RateLimit = { limit: 100_000, windowSeconds: 60 };

/**
 * Starts a server of an API on 127.0.0.1, with two listeners, TLS and plain HTTP, for every environment.
 *
 * @throws ConfinementError where the defect cannot be confined as asked; any error of listening, such as EADDRINUSE
 */
export async function startMock(options: MockOptions): Promise<Mock> {
  const services = servicesOf(options.document, options.name);
  const { api } = services;
  const stages = behaviourOf(api, options);
  const { ca, certificateOf, clientCertificate } = await authority();
  const certificate = await certificateOf(stages.certificate);
  const state: ServerState = {
    ...services,
    keys: api.environments.flatMap((environment) => issueKeys(environment, api, stages)),
    rateLimiter: new RateLimiter(options.rateLimit ?? GENEROUS),
    failures: new RateLimiter(options.attemptLimit ?? GENEROUS),
    authorities: new Map(),
    effects: [],
    clock: options.clock ?? { now: () => Date.now() },
  };
  const dated = options.clock ? (response: MockResponse): MockResponse => withDate(response, state.clock) : asItIs;
  const isHeadFiltered = stages.headFilter !== sound.headFilter;
  const isUpgradeHeard = stages.upgrade !== sound.upgrade;
  const asksForCertificates = api.operations.some(({ needsCertificate }) => needsCertificate);
  let requestCount = 0;
  const listeners: Listener[] = [];
  const open = async (environment: EnvironmentName, isEncrypted: boolean): Promise<number> => {
    const listener = await listen({
      ...(isEncrypted && {
        tls: {
          ...certificate,
          ...{ oldest: stages.oldestTls, speaksHttp2: stages.speaksHttp2 },
          ...{ clientsOf: asksForCertificates ? ca : undefined },
        },
      }),
      port: options.port === undefined ? 0 : options.port + listeners.length,
      respond: (incoming) => {
        requestCount += 1;
        return respondSafely(requestOf(state, environment, isEncrypted, incoming), stages).then(dated);
      },
      refuseMalformed: (incoming, isTooLarge) => {
        requestCount += 1;
        const reason = isTooLarge ? 'headTooLarge' : 'invalidInput';
        const request = requestOf(state, environment, isEncrypted, incoming);
        return stages.parser(request, isTooLarge) ?? refuse(request, stages, { reason });
      },
      continuesLate: stages.continues === 'when the body is read',
      upgrade: isUpgradeHeard
        ? async (incoming) => {
            requestCount += 1;
            const request = requestOf(state, environment, isEncrypted, incoming);
            return stages.upgrade(request, () => respondSafely(request, stages));
          }
        : undefined,
      filterHead: isHeadFiltered
        ? (incoming, head) => stages.headFilter(requestOf(state, environment, isEncrypted, incoming), head)
        : undefined,
    });
    listeners.push(listener);
    return listener.port;
  };
  const caFile = writeAuthority(ca, options.caFile);
  const own = asksForCertificates ? await clientCertificate() : undefined;
  const client = own && { certificate: writeAuthority(own.cert, undefined), key: writeAuthority(own.key, undefined) };
  const close = async (): Promise<void> => {
    for (const file of [caFile, client?.certificate, client?.key]) if (file !== undefined) removeAuthority(file);
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  const addresses = new Map<EnvironmentName, Addresses>();
  let keyConsole: KeyConsole | undefined;
  try {
    for (const { name, basePath } of api.environments) {
      const secureHost = `127.0.0.1:${await open(name, true)}`;
      state.authorities.set(name, secureHost);
      addresses.set(name, {
        baseUrl: `https://${secureHost}${basePath}`,
        plainHttpUrl: `http://127.0.0.1:${await open(name, false)}${basePath}`,
      });
    }
    if (Object.keys(api.lifecycle?.operations ?? {}).length === 0) {
      keyConsole = await openConsole(state, stages, options.port === undefined ? 0 : options.port + listeners.length);
      listeners.push(keyConsole);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    environments: Object.fromEntries(addresses),
    ca,
    effects: state.effects,
    get requestCount() {
      return requestCount;
    },
    settings: (environment) => {
      if (!addresses.has(environment)) throw new Error(`${environment} is no environment of ${api.title}`);
      return settingsOf(api, environment, {
        ...{ addresses, keys: state.keys, caFile, client },
        console: keyConsole?.urlOf(environment),
      });
    },
    close,
  };
}

/** The defect is a patch of the variant, so that an unusual server can have a defect too. */
function behaviourOf(api: Api, { defect, variant }: MockOptions): Behaviour {
  const unusual = variant === undefined ? sound : patched(sound, variants[variant].patch);
  if (defect === undefined) return unusual;
  const { id, operation, form } = defect;
  if (operation !== undefined && !api.operations.some((candidate) => candidate.id === operation)) {
    throw new ConfinementError(`${operation} is no operation of ${api.title}`);
  }
  if (form !== undefined && !api.acceptedSchemes.some((scheme) => isForm(scheme, form))) {
    throw new ConfinementError(`${form} is no form of ${api.title} in which a key is presented`);
  }
  const isConfined = operation !== undefined || form !== undefined;
  const isWithin = (request: MockRequest): boolean =>
    (operation === undefined || request.operation?.id === operation) && (form === undefined || usesForm(request, form));
  return patched(unusual, allDefects[id].patch, isConfined ? isWithin : undefined);
}

function asItIs(response: MockResponse): MockResponse {
  return response;
}

/** Node would write the time of this machine. */
function withDate(response: MockResponse, clock: Clock): MockResponse {
  const date: HeaderLine = ['Date', new Date(clock.now()).toUTCString()];
  return { ...response, headers: [date, ...response.headers] };
}

/** A fault of the mock itself is printed, and the client learns nothing of it. */
async function respondSafely(request: MockRequest, stages: Behaviour): Promise<MockResponse> {
  try {
    return await respond(request, stages);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return stages.refuse(request, { reason: 'serverError' });
  }
}
