import { type Contract, type EnvironmentName, type KeyKind } from '../src/model/contract.ts';
import { SchemaValidators } from '../src/openapi/schema-validators.ts';
import { Bodies } from './bodies.ts';
import type { IssuedKey } from './keys.ts';
import type { Meter } from './meter.ts';
import { Routes } from './routes.ts';

/** An environment of the contract, with listeners of its own. */
export interface Environment {
  readonly name: EnvironmentName;
  readonly kinds: readonly KeyKind[];
  /** Path of its base URL, without a slash at its end. */
  readonly basePath: string;
  /** Host that the contract documents. */
  readonly host: string;
}

/** What is worked out from a contract alone, once for a process. */
export interface Compiled {
  readonly contract: Contract;
  readonly environments: readonly Environment[];
  readonly routes: Routes;
  readonly bodies: Bodies;
  readonly validators: SchemaValidators;
}

/** Everything behind the listeners of one mock. */
export interface World extends Compiled {
  readonly keys: readonly IssuedKey[];
  readonly meter: Meter;
  /** Counts bad keys. */
  readonly attempts: Meter;
  /** `host:port` of the TLS listener of each environment, once it listens. */
  readonly authorities: Map<EnvironmentName, string>;
  readonly effects: Effect[];
}

/** A request that changes something and got through to its handler. */
export interface Effect {
  readonly environment: EnvironmentName;
  /** Id of the operation. */
  readonly operation: string;
}

const compiled = new WeakMap<Contract, Compiled>();

export function compile(contract: Contract): Compiled {
  const known = compiled.get(contract);
  if (known) return known;
  const validators = new SchemaValidators(contract);
  const fresh: Compiled = {
    contract,
    environments: environmentsOf(contract),
    routes: new Routes(contract.operations),
    bodies: new Bodies(contract, validators),
    validators,
  };
  compiled.set(contract, fresh);
  return fresh;
}

/** A contract without kinds of key has one environment, and its keys have no prefix. */
function environmentsOf(contract: Contract): Environment[] {
  const kinds: readonly KeyKind[] =
    contract.keyKinds.length > 0
      ? contract.keyKinds
      : [{ name: 'key', prefix: '', environment: 'sandbox', server: contract.servers[0] ?? '/' }];
  return [...new Set(kinds.map(({ environment }) => environment))].map((name) => {
    const own = kinds.filter(({ environment }) => environment === name);
    // A server's URL may be a bare path: then the host is whatever the document was served from.
    const url = new URL(own[0]?.server ?? '/', 'https://localhost');
    return { name, kinds: own, basePath: url.pathname.replace(/\/+$/, ''), host: url.host };
  });
}
