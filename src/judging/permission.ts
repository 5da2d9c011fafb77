import type { Finding, UndecidedFinding } from '../model/finding.ts';
import type { Case } from '../requests/case.ts';
import { securityAlternativesOf } from '../requests/security-alternative.ts';
import {
  bodyMatches,
  finding,
  isAccepted,
  isSuccess,
  statusIs,
  undecided,
  undecidedAsHidden,
  withSchema,
} from './expectations.ts';
import type { JudgedExchange } from './rule.ts';

/** The expectations that `expectMissingPermission` speaks of. */
export const PERMISSION_EXPECTATIONS = ['status', 'body', 'required-permission', 'key-permissions'] as const;

/**
 * Whether a key without permission got the documented refusal.
 *
 * It is undecided where the response is about the input: the server may have looked at the input first, which no promise
 * forbids. Unless another key without permission got the refusal for the same request: then the server looks at the
 * permission first, and this key was accepted.
 *
 * @param others cases that send another key without permission
 */
export function expectMissingPermission(judged: JudgedExchange, others: readonly Case[]): Finding[] {
  const unclear = unclearOrder(judged, others);
  if (unclear) return [unclear];
  const hidden = undecidedAsHidden(judged, 'forbidden');
  if (hidden) return [hidden];
  const promised = judged.contract.refusals.forbidden;
  if (!promised) return [];
  return [
    statusIs(judged.response, promised.status),
    ...bodyMatches(judged, withSchema(promised, judged), 'forbidden'),
    ...detailsAreRight(judged),
  ];
}

function unclearOrder(judged: JudgedExchange, others: readonly Case[]): UndecidedFinding | undefined {
  const { response, control } = judged;
  const isAboutInput = !isSuccess(response) && isAccepted(response) && control?.status === response.status;
  if (!isAboutInput || isPermissionFirst(judged, others)) return undefined;
  return undecided(
    'status',
    `got ${response.status} like the full-access key: the server may have looked at the input before the permission`,
  );
}

function isPermissionFirst({ responseOf, operation, contract }: JudgedExchange, others: readonly Case[]): boolean {
  const statuses = contract.refusals.forbidden?.status;
  return others.some((other) =>
    securityAlternativesOf(contract, operation).some((alternative) =>
      statuses?.includes(responseOf(other, alternative)?.status ?? 0),
    ),
  );
}

/** Scopes that the body names are the operation's and the key's. */
function detailsAreRight({ response, operation, scopedKey }: JudgedExchange): Finding[] {
  const details = memberOf(response.body.json, 'details');
  const required = memberOf(details, 'required_permission');
  const held = memberOf(details, 'key_permissions');
  const wanted = operation.scopes.join(' ');
  const findings: Finding[] = [];
  if (required !== undefined) {
    const expected = `details.required_permission ${wanted}`;
    findings.push(finding('required-permission', required === wanted, expected, JSON.stringify(required)));
  }
  if (held !== undefined && scopedKey) {
    const scopes = [...scopedKey.scopes].toSorted();
    const isRight = Array.isArray(held) && held.toSorted().join() === scopes.join();
    const expected = `details.key_permissions ${scopes.join(', ')}`;
    findings.push(finding('key-permissions', isRight, expected, JSON.stringify(held)));
  }
  return findings;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
