import { securityAlternativesOf } from '../requests/security-alternative.ts';
import { probeId } from '../requests/plan-operation.ts';
import { bodyMatches, finding, isAccepted, isSuccess, statusIs, summary, withSchema } from './expectations.ts';
import type { Finding } from '../model/finding.ts';
import type { JudgedExchange } from './rule.ts';

/**
 * An answer about the input to a key without permission: the server may have looked at the input first, which no promise
 * forbids, so the cell is decided neither way. Unless another key without permission got the documented refusal for the
 * same request: then the permission comes first there, and this key was let through.
 */
export function orderIsOpen(judged: JudgedExchange): Finding[] | undefined {
  const { response, control } = judged;
  if (isSuccess(response) || !isAccepted(response) || control?.status !== response.status || isPermissionFirst(judged))
    return undefined;
  const unproven = `answered ${response.status} like the full-access key: the input may have been looked at before the permission`;
  return [{ ...finding('status', false, 'status 403', summary(response)), unproven }];
}

function isPermissionFirst({ responseOf, operation, contract }: JudgedExchange): boolean {
  const forms = securityAlternativesOf(contract, operation);
  const probes = ['scoped-out-key', 'sibling-scope-key'].flatMap((id) =>
    forms.map((form) => probeId(id, form, forms[0])),
  );
  return probes.some((probe) => contract.refusals.forbidden?.status.includes(responseOf(probe)?.status ?? 0));
}

/** 403 with the documented body; scopes that the body names are the operation's and the key's. */
export function isMissingScopeAnswer(judged: JudgedExchange): Finding[] {
  const promised = judged.contract.refusals.forbidden;
  if (!promised) return [];
  return [
    statusIs(judged.response, promised.status),
    ...bodyMatches(judged, withSchema(promised, judged), 'forbidden'),
    ...detailsAreRight(judged),
  ];
}

function detailsAreRight({ response, operation, scopedKey }: JudgedExchange): Finding[] {
  const details = memberOf(response.body.json, 'details');
  const required = memberOf(details, 'required_permission');
  const held = memberOf(details, 'key_permissions');
  const wanted = operation.scopes.join(' ');
  const scopes = [...(scopedKey?.scopes ?? [])].toSorted();
  return [
    ...(required === undefined
      ? []
      : [
          finding(
            'required-permission',
            required === wanted,
            `details.required_permission ${wanted}`,
            JSON.stringify(required),
          ),
        ]),
    ...(held === undefined || !scopedKey
      ? []
      : [
          finding(
            'key-permissions',
            Array.isArray(held) && held.toSorted().join() === scopes.join(),
            `details.key_permissions ${scopes.join(', ')}`,
            JSON.stringify(held),
          ),
        ]),
  ];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
