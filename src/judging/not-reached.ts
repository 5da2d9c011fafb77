import { mediaTypeOf } from '../fields/response-fields.ts';
import type { Operation } from '../model/contract.ts';
import type { HttpResponse } from '../model/exchange.ts';
import type { Target } from '../model/target.ts';
import { prefixOf } from '../requests/example-requests.ts';
import { formOfPathValues, pathParameterNames } from '../requests/path-parameters.ts';

/** RFC 9110 §15.5.6, §15.5.11: the path does not have the method, or not any longer. */
export function isNoMethod(status: number | undefined): boolean {
  return status === 405 || status === 410;
}

/** Why the full-access key does not lead to an operation, and what to do. */
export interface NotReached {
  /**
   * `path`: nothing in the path could have another value; `value`: a value may be wrong; `made-up`: a request without effect
   * names an id that nothing has, and the values before it are known.
   */
  readonly by: 'path' | 'value' | 'made-up';
  /** Of `value`: the names of the parameters whose values are to be given. */
  readonly names: readonly string[];
  /** The environment variable that helps. */
  readonly variable: string;
  /** In one sentence. It names no operation where several may want the same values, so that those have one sentence. */
  readonly reason: string;
}

/**
 * @param who what stands for the full-access key: `the full-access key`
 * @param code the status that it gets
 * @param isRepeat the request names the same id as a request that has effects
 */
export function whyNotReached(
  operation: Operation,
  { pathValues, variables, policy }: Pick<Target, 'pathValues' | 'variables' | 'policy'>,
  who: string,
  code: number | undefined,
  isRepeat = false,
): NotReached {
  if (isNoMethod(code))
    return {
      ...{ by: 'path', names: [], variable: variables.baseUrl },
      reason: `the target does not have ${operation.method} ${operation.path} (${who} gets ${code}, as everyone does): correct the contract`,
    };
  const status = `${who} gets ${code}, as on a path that does not exist`;
  const all = pathParameterNames(operation);
  if (all.length === 0)
    return {
      ...{ by: 'path', names: [], variable: variables.baseUrl },
      reason: `the target has no ${operation.path} (${status}): correct ${variables.baseUrl}, or the contract`,
    };
  const isKnown = (name: string): boolean =>
    Object.hasOwn(pathValues.given, name) || prefixOf(operation, name) in pathValues.read;
  // The last value of a request without effect is made up, so that only those before it could lead somewhere.
  const isMadeUp = !operation.isSafe && !isRepeat;
  const names = isMadeUp ? all.slice(0, -1) : all;
  const unknown = names.filter((name) => !isKnown(name));
  if (isMadeUp && unknown.length === 0)
    return {
      ...{ by: 'made-up', names: [], variable: policy.allowWrites ? variables.pathValues : variables.sandboxWrites },
      reason: `a harmless request names an id that does not exist, so it shows nothing (${status}): set ${variables.sandboxWrites}=allow, and a valid request is sent`,
    };
  const advice =
    unknown.length > 0
      ? `set ${variables.pathValues} to ids that exist: ${formOfPathValues(unknown)}`
      : `give other values in ${variables.pathValues}, or correct the contract`;
  return {
    ...{ by: 'value', names: unknown.length > 0 ? unknown : names, variable: variables.pathValues },
    reason: `nothing has the ids in the path (${status}): ${advice}`,
  };
}

/**
 * Why a 403 to the full-access key may be about an id rather than about the key: servers that hide what exists say it of an id
 * that nothing has as well (Directus, JupyterHub). Undefined: the user gave the ids, or there are none.
 */
export function whyForbidden(
  operation: Operation,
  { pathValues, variables }: Pick<Target, 'pathValues' | 'variables'>,
  isRepeat = false,
): string | undefined {
  const all = pathParameterNames(operation);
  const isMadeUp = !operation.isSafe && !isRepeat && all.length > 0;
  const asked = isMadeUp ? all.slice(0, -1) : all;
  const doubtful = asked.filter((name) => !Object.hasOwn(pathValues.given, name));
  const what = 'the full-access key got 403, which may be said of an id that does not exist';
  if (doubtful.length > 0)
    return `${what}: set ${variables.pathValues} to ids that exist: ${formOfPathValues(doubtful)}`;
  return isMadeUp ? `${what}: set ${variables.sandboxWrites}=allow, and a valid request is sent` : undefined;
}

/** Why what everyone is shown in the place of an operation says nothing of keys, and what to do, in one sentence. */
export function whyOnlyNotice(shown: HttpResponse | undefined): string {
  const what = `the same ${(shown && mediaTypeOf(shown)?.essence) ?? 'response'} with status ${shown?.status}`;
  return `everyone gets ${what}, with a good key and without, and the contract names this media type for no success of the operation: run again when the operation answers for itself, or name the type in the contract if this is what it answers`;
}
