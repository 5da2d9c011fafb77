import type { Contract, EnvironmentName } from '../src/model/contract.ts';
import { removeAuthority, writeAuthority } from './authority-file.ts';
import type { Behaviour, Reply } from './behaviour.ts';
import { type Call, callOf } from './call.ts';
import { authority } from './certificates.ts';
import { type Confinement, ConfinementError, patched } from './confine.ts';
import { acceptedSchemes, isForm, usesForm } from './credentials.ts';
import { type DefectId, defects } from './defects/index.ts';
import { issueKeys } from './keys.ts';
import { listen, type Listener } from './listener.ts';
import { Meter, type RateLimit } from './meter.ts';
import { answer, refuse } from './pipeline.ts';
import { type Addresses, settingsOf } from './settings.ts';
import { sound } from './sound.ts';
import { type VariantId, variants } from './variants.ts';
import { compile, type Effect, type World } from './world.ts';

export interface MockOptions {
  readonly contract: Contract;
  /** The one thing that is wrong; absent: nothing is. */
  readonly defect?: (Confinement & { readonly id: DefectId }) | undefined;
  /** The one thing that is unusual though right. */
  readonly variant?: VariantId | undefined;
  /** The first port; the others count up from it. Absent: any free ones. */
  readonly port?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  /** Of bad keys, for each address; absent: as good as none. */
  readonly attemptLimit?: RateLimit | undefined;
  /** Where the authority's certificate is written, and removed from on close. */
  readonly caFile?: string | undefined;
}

export interface Mock {
  readonly environments: Readonly<Record<EnvironmentName, Addresses>>;
  /** PEM. */
  readonly ca: string;
  /** Names and values of the suite's environment variables for one environment. */
  readonly settings: (environment: EnvironmentName) => Record<string, string>;
  /** The requests that changed something, or would have. */
  readonly effects: readonly Effect[];
  readonly requestCount: number;
  readonly close: () => Promise<void>;
}

const GENEROUS: RateLimit = { limit: 100_000, windowSeconds: 60 };

/** Starts the target of the self-tests: two listeners, TLS and plain, for every environment of the contract. */
export async function startMock(options: MockOptions): Promise<Mock> {
  const { contract } = options;
  const compiled = compile(contract);
  const stages = behaviourOf(options);
  const { ca, certificateOf } = await authority();
  const certificate = await certificateOf(stages.certificate);
  const world: World = {
    ...compiled,
    keys: compiled.environments.flatMap((environment) => issueKeys(environment, contract, stages.secret)),
    meter: new Meter(options.rateLimit ?? GENEROUS),
    attempts: new Meter(options.attemptLimit ?? GENEROUS),
    authorities: new Map(),
    effects: [],
  };
  const isUsualFront = stages.front === sound.front;
  let requestCount = 0;
  const listeners: Listener[] = [];
  const open = async (listener: EnvironmentName, isEncrypted: boolean): Promise<number> => {
    const opened = await listen({
      ...(isEncrypted && { tls: { ...certificate, oldest: stages.oldestTls } }),
      port: options.port === undefined ? 0 : options.port + listeners.length,
      respond: (incoming) => {
        requestCount += 1;
        return respond(callOf(world, listener, isEncrypted, incoming), stages);
      },
      refuseMalformed: (incoming, isTooLarge) => {
        requestCount += 1;
        const reason = isTooLarge ? 'headTooLarge' : 'invalidInput';
        return refuse(callOf(world, listener, isEncrypted, incoming), stages, { reason });
      },
      // Read by the usual parser alone, unless someone has a word to say before it.
      front: isUsualFront
        ? undefined
        : (incoming, head) => stages.front(callOf(world, listener, isEncrypted, incoming), head),
    });
    listeners.push(opened);
    return opened.port;
  };
  const caFile = await writeAuthority(ca, options.caFile);
  const close = async (): Promise<void> => {
    await Promise.all([removeAuthority(caFile), ...listeners.map((listener) => listener.close())]);
  };
  const environments = new Map<EnvironmentName, Addresses>();
  try {
    for (const { name, basePath } of compiled.environments) {
      const authorityOf = `127.0.0.1:${await open(name, true)}`;
      world.authorities.set(name, authorityOf);
      environments.set(name, {
        baseUrl: `https://${authorityOf}${basePath}`,
        plainHttpUrl: `http://127.0.0.1:${await open(name, false)}${basePath}`,
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    environments: Object.fromEntries(environments),
    ca,
    effects: world.effects,
    get requestCount() {
      return requestCount;
    },
    settings: (environment) => {
      if (!environments.has(environment)) throw new Error(`${environment} is no environment of ${contract.title}`);
      return settingsOf(contract, environment, { environments, keys: world.keys, caFile });
    },
    close,
  };
}

/** A defect comes on top of a variant, so that an unusual server can be broken too. */
function behaviourOf({ contract, defect, variant }: MockOptions): Behaviour {
  const unusual = variant === undefined ? sound : patched(sound, variants[variant].patch);
  if (defect === undefined) return unusual;
  const { id, operation, form } = defect;
  if (operation !== undefined && !contract.operations.some((candidate) => candidate.id === operation)) {
    throw new ConfinementError(`${operation} is no operation of ${contract.title}`);
  }
  if (form !== undefined && !acceptedSchemes(contract).some((scheme) => isForm(scheme, form))) {
    throw new ConfinementError(`${form} is no form of ${contract.title} in which a key is presented`);
  }
  const isConfined = operation !== undefined || form !== undefined;
  const isWithin = (call: Call): boolean =>
    (operation === undefined || call.operation?.id === operation) && (form === undefined || usesForm(call, form));
  return patched(unusual, defects[id].patch, isConfined ? isWithin : undefined);
}

/** A fault of the mock itself says nothing about itself to a client. */
async function respond(call: Call, stages: Behaviour): Promise<Reply> {
  try {
    return await answer(call, stages);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return stages.refuse(call, { reason: 'serverError' });
  }
}
