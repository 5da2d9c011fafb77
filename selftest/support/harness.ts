import type { DefectId } from '../../mock/defects/index.ts';
import { memory } from '../../mock/defects/memory.ts';
import { severalSchemes } from '../../mock/defects/several-schemes.ts';
import { startMock, type Mock, type MockOptions } from '../../mock/start.ts';
import type { Contract } from '../../src/model/contract.ts';
import { fingerprintsOf } from '../../src/judging/fingerprints.ts';
import { Engine } from '../../src/run/engine.ts';
import { readTarget } from '../../src/config/read-target.ts';
import { type OperationExchanges, judge } from '../../src/judging/judge.ts';
import type { Rule } from '../../src/judging/rule.ts';
import type { Cell } from '../../src/model/cell.ts';
import { judgeTogether } from '../../src/judging/operation-comparison.ts';
import type { SenderOptions } from '../../src/http/sender.ts';
import { catalogue, crossOperationRules, rules } from '../../tests/catalogue/index.ts';
import {
  BY_CERTIFICATE,
  huechat,
  huechatByCertificate,
  huechatInCookie,
  huechatWithCertificate,
  huechatWithOptionalKey,
  huechatWithSecret,
  mockOf,
  twitch,
} from './contracts.ts';

export { huechat, mockOf, twitch };

/** The contract that a defect is judged by: the first one, unless it has nothing that could be broken in that way. */
export function contractFor(id: DefectId): Promise<Contract> {
  if (id === 'cookie-crumbs-not-joined') return huechatInCookie();
  if (id === 'certificate-not-needed' || id === 'certificate-not-needed-in-resumed-session')
    return huechatWithCertificate();
  if (JUDGED_BY_CERTIFICATE.includes(id)) return huechatByCertificate();
  if (JUDGED_WITH_SECRET.includes(id)) return huechatWithSecret();
  if (id === 'optional-key-not-looked-up') return huechatWithOptionalKey();
  return JUDGED_BY_TWITCH.includes(id) ? twitch() : huechat();
}

const JUDGED_BY_CERTIFICATE: readonly DefectId[] = [
  'certificate-alone-not-needed',
  'any-key-in-place-of-certificate',
  'certificate-believed-from-header',
  'certificate-of-anybody-accepted',
  'certificate-not-enough',
  'resumed-session-is-enough',
];

/** What is compared of a second credential: the one of the second contract is an id, which may be compared without regard to case. */
const JUDGED_WITH_SECRET: readonly DefectId[] = [
  'second-scheme-empty-accepted',
  'second-scheme-cut-accepted',
  'second-scheme-extended-accepted',
  'second-scheme-case-insensitive',
  'second-scheme-first-third-not-compared',
  'second-scheme-middle-third-not-compared',
  'second-scheme-last-third-not-compared',
];

const JUDGED_BY_TWITCH: readonly DefectId[] = (Object.keys(severalSchemes) as DefectId[]).filter(
  (id) => !JUDGED_WITH_SECRET.includes(id),
);

/** One operation that reads and one that writes, which the cases about the server are sent to as well: enough for what a defect draws everywhere. */
const TWO: readonly string[] = ['GET /contacts', 'PUT /contact/{identifier}'];

/** One operation of each sort that the cases tell apart: a list, a single resource, a change of one, a creation without an id. */
const EACH_SORT: readonly string[] = [
  'GET /contacts',
  'GET /contact/{identifier}',
  'PUT /contact/{identifier}',
  'POST /webhooks',
];

export interface JudgedMock {
  readonly cells: readonly Cell[];
  readonly requests: number;
  readonly mock: Mock;
  /** What was asked and answered, to be judged again. */
  readonly asked: readonly OperationExchanges[];
}

export interface JudgeOptions extends Omit<MockOptions, 'document' | 'name'> {
  /** Absent: the first one. */
  readonly contract?: Contract;
  readonly environment?: 'sandbox' | 'production';
  /** Changes the variables that the mock prints. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly wire?: Partial<SenderOptions>;
  readonly operations?: (id: string) => boolean;
}

/** The whole catalogue against a mock of its own, without a runner. */
export async function judgeMock({
  environment = 'sandbox',
  variables = {},
  wire = {},
  operations = () => true,
  contract: chosen,
  ...options
}: JudgeOptions): Promise<JudgedMock> {
  const contract = chosen ?? (await huechat());
  const mock = await startMock({ ...mockOf(contract), ...options });
  const target = readTarget(contract, { ...mock.settings(environment), ...variables });
  const engine = new Engine(contract, target, catalogue, {
    tries: 2,
    backoff: 1,
    ...(options.defect?.id === SILENT && { timeout: 1_000 }),
    ...wire,
  });
  try {
    const asked: OperationExchanges[] = [];
    for (const operation of contract.operations.filter(({ id }) => operations(id)))
      asked.push(await engine.exchangesOf(operation));
    return { cells: judgeAll(asked, rules), requests: engine.requests, mock, asked };
  } finally {
    await engine.close();
    await mock.close();
  }
}

/** Judges by any set of rules what was asked, and the operations against each other. */
export function judgeAll(
  asked: readonly OperationExchanges[],
  by: readonly Rule[],
  together = crossOperationRules,
): Cell[] {
  const prints = new Map(asked.map((one) => [one.operation.id, fingerprintsOf(crossOperationRules, one)]));
  const contract = asked[0]?.contract;
  const cells = asked.flatMap((one) => by.map((rule) => judge(rule, one)));
  return contract ? [...cells, ...judgeTogether(together, prints, contract)] : cells;
}

/** Defects of what a server remembers of earlier requests, or of what only one of several servers knows. */
export const DEFECTS_OF_STATE: readonly DefectId[] = [
  'connection-remembers-key',
  'cache-ignores-key',
  'cache-ignores-every-key',
  'not-found-cacheable',
  'forbidden-hidden-as-cacheable-404',
  ...(Object.keys(memory) as DefectId[]),
];

/** It is waited for in vain, for as long as the suite waits. */
const SILENT: DefectId = 'no-scheme-never-answered';

/** Whether a valid request may be sent shows only in a defect that lets one through. */
export function variablesFor(id: DefectId): Readonly<Record<string, string>> {
  return id === 'scope-not-enforced' ? { HUECHAT_SANDBOX_WRITES: 'allow' } : {};
}

/**
 * Which operations a defect is judged on: as few as draw every line of its complaints.
 *
 * @param onEachSort on one operation of each sort, whatever the defect
 */
export function operationsFor(
  id: DefectId,
  onEachSort = JUDGED_ON_EACH_SORT.includes(id),
): (operation: string) => boolean {
  // Nothing is answered at all, so one operation shows what all show.
  if (id === 'untrusted-certificate' || id === 'certificate-for-another-host')
    return (operation) => operation === 'GET /contacts';
  if (JUDGED_BY_CERTIFICATE.includes(id)) return (operation) => BY_CERTIFICATE.includes(operation);
  if (JUDGED_WHOLE.includes(id) || JUDGED_BY_TWITCH.includes(id)) return () => true;
  return (operation) => (onEachSort ? EACH_SORT : TWO).includes(operation);
}

/**
 * What these draw differs from one operation to the next, so that two do not show it. Whether that holds of others by now,
 * `npm run defects -- --each-sort` says: it judges every defect on one operation of each sort.
 */
const JUDGED_ON_EACH_SORT: readonly DefectId[] = [
  // One operation, the first that is a GET, shows it for the server, or the first with an id.
  'health-as-an-id-left-open',
  'icon-as-an-id-left-open',
  'login-as-an-id-left-open',
  'not-found-cacheable',
  'forbidden-hidden-as-cacheable-404',
  'style-sheets-left-open',
  'html-401',
  'html-for-large-head',
  'html-for-unknown-path',
  'html-for-wrong-method',
  'form-read-as-json',
  'key-echoed-in-header',
  'one-operation-answers-another-media-type',
  'one-operation-answers-without-challenge',
  'one-operation-locks-out-with-another-status',
  // Only a single resource has an id in its path that a list shows.
  'other-accounts-resource-opens',
  // The path decides which worker answers.
  'one-worker-with-old-revocations',
  'one-worker-without-keys',
  'tls-1-0-accepted',
  'tls-1-1-accepted',
  'undocumented-methods-not-guarded',
  'unknown-id-before-authentication',
  'validation-before-authentication',
];

const JUDGED_WHOLE: readonly DefectId[] = [
  'everyone-let-in',
  'missing-key-accepted',
  'scope-not-enforced',
  'one-operation-answers-another-body',
  'form-that-counts-differs',
];
