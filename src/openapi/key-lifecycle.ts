import type { Operation } from '../model/contract.ts';
import {
  type IdPlace,
  type KeyAction,
  type KeyLifecycle,
  type KeyOperation,
  type KeyPromises,
  type ValuePlace,
} from '../model/key-lifecycle.ts';
import { ContractError } from './contract-error.ts';
import { isObject, nodeAt } from './json-pointer.ts';
import { isJson } from './media-type.ts';
import type { SourceFiles } from './source-files.ts';

/** `x-authentication.lifecycle` as it is written, once its schema has accepted it. */
export type LifecycleExtension = Readonly<Partial<Record<KeyAction, WrittenOperation>>> & {
  readonly promises?: KeyPromises;
};

interface WrittenOperation {
  readonly operationId: string;
  readonly idParameter?: string;
  readonly secret?: string;
  readonly id?: string;
  readonly scopes?: string;
  readonly expiresIn?: string;
  readonly expiresAt?: string;
  readonly lastUsed?: string;
}

const ACTIONS = ['create', 'roll', 'update', 'revoke', 'read'] as const satisfies readonly KeyAction[];

/** What a value that is written at one of them is a place in. */
const PLACES = ['secret', 'id', 'scopes', 'expiresIn', 'expiresAt', 'lastUsed'] as const;

const TOKENS = ['x-authentication', 'lifecycle'];

/**
 * The operations that the extension names, found in the document.
 *
 * @throws ContractError where one is not there, or cannot be sent as the extension says
 */
export function lifecycleOf(
  document: unknown,
  written: LifecycleExtension,
  operations: readonly Operation[],
  sources: SourceFiles,
): KeyLifecycle {
  const reader = new Reader(document, operations, sources);
  const named = ACTIONS.flatMap((action) => {
    const one = written[action];
    return one ? [[action, reader.operation(action, one)] as const] : [];
  });
  return { operations: Object.fromEntries(named), promises: written.promises ?? {} };
}

class Reader {
  readonly #document: unknown;
  readonly #operations: readonly Operation[];
  readonly #sources: SourceFiles;

  constructor(document: unknown, operations: readonly Operation[], sources: SourceFiles) {
    this.#document = document;
    this.#operations = operations;
    this.#sources = sources;
  }

  operation(action: KeyAction, written: WrittenOperation): KeyOperation {
    const operation = this.#named(action, written.operationId);
    if (operation.ownServer !== undefined)
      throw this.#error(
        [action, 'operationId'],
        `${operation.id} has a server of its own, ${operation.ownServer}, and nothing is sent there`,
        'name an operation of the servers of the document, or give a command that makes keys',
      );
    if (written.expiresIn !== undefined && written.expiresAt !== undefined)
      throw this.#error(
        [action, 'expiresAt'],
        'the time at which a key expires stands in expiresIn and in expiresAt',
        'leave one of them out',
      );
    const places = PLACES.flatMap((name) => {
      const text = written[name];
      return text === undefined ? [] : [[name, placeOf(text)] as const];
    });
    this.#checkBody(action, operation, written);
    return {
      operation: operation.id,
      ...(action !== 'create' && { idPlace: this.#idPlace(action, operation, written.idParameter) }),
      ...Object.fromEntries(places),
    };
  }

  #named(action: KeyAction, operationId: string): Operation {
    const found = this.#operations.filter(({ pointer }) => {
      const value = nodeAt(this.#document, pointer)?.value;
      return isObject(value) && value['operationId'] === operationId;
    });
    const [first, second] = found;
    if (!first)
      throw this.#error(
        [action, 'operationId'],
        `lifecycle.${action} names the operation ${operationId}, which the document does not have`,
        'write the operationId of an operation, or add it to the operation',
      );
    if (second)
      throw this.#error(
        [action, 'operationId'],
        `lifecycle.${action} names the operation ${operationId}, and ${first.id} and ${second.id} are called so`,
        'give each operation an operationId of its own',
      );
    return first;
  }

  /** Where the id goes: what is named, or the last parameter of the path. */
  #idPlace(action: KeyAction, operation: Operation, named: string | undefined): IdPlace {
    if (named?.startsWith('$request.body#')) {
      this.#checkJsonBody([action, 'idParameter'], operation);
      return { in: 'body', pointer: named.slice('$request.body#'.length) };
    }
    const name = named ?? /\{([^{}]+)\}(?!.*\{)/.exec(operation.path)?.[1];
    if (name === undefined)
      throw this.#error(
        [action, 'operationId'],
        `${operation.id} has no parameter in its path for the id of the key`,
        'say in idParameter where the id goes',
      );
    const parameter = operation.parameters.find(
      (one) => one.name === name && (one.in === 'path' || one.in === 'query'),
    );
    if (parameter?.in === 'path' || parameter?.in === 'query') return { in: parameter.in, name };
    throw this.#error(
      [action, named === undefined ? 'operationId' : 'idParameter'],
      `${operation.id} has no parameter ${name} in its path or its query`,
      'name one that it has, or a place in its body such as $request.body#/id',
    );
  }

  /** What is written into a request needs a body that it can be written into. */
  #checkBody(action: KeyAction, operation: Operation, written: WrittenOperation): void {
    if (action !== 'create' && action !== 'update') return;
    const name = (['scopes', 'expiresIn', 'expiresAt'] as const).find((place) => written[place] !== undefined);
    if (name !== undefined) this.#checkJsonBody([action, name], operation);
  }

  #checkJsonBody(tokens: readonly string[], operation: Operation): void {
    if (operation.body && isJson(operation.body.mediaType)) return;
    throw this.#error(
      tokens,
      `${operation.id} takes no JSON body that ${tokens.at(-1)} could stand in`,
      'describe the body of the operation, or take this line away',
    );
  }

  #error(tokens: readonly string[], problem: string, remedy: string): ContractError {
    return new ContractError(this.#sources.locationOf([...TOKENS, ...tokens]), problem, remedy);
  }
}

/** Of a text that the schema has accepted. */
function placeOf(text: string): ValuePlace {
  const header = /^\$response\.header\.(.+)$/.exec(text)?.[1];
  if (header !== undefined) return { in: 'header', name: header };
  return { in: 'body', pointer: text.replace(/^\$(?:request|response)\.body#/, '') };
}
