import { HttpSender, type SenderOptions } from '../../http/sender.ts';
import type { Clock } from '../../model/clock.ts';
import type { Contract } from '../../model/contract.ts';
import type { KeyRuleId, KeyTimeline } from '../../model/key-lifecycle.ts';
import type { KeyObservations, NotAsked } from '../../model/key-observations.ts';
import type { Target } from '../../model/target.ts';
import { type SchemaValidators, validatorsOf } from '../../openapi/schema-validators.ts';
import { chooseOperations } from './choose-operations.ts';
import { commandKeeper } from './command-keeper.ts';
import { type JournalOwner, KeyJournal } from './journal.ts';
import type { KeyKeeper } from './keeper.ts';
import { type KeyLog, lineOf } from './key-log.ts';
import { KeyRing } from './key-ring.ts';
import { operationsKeeper } from './operations-keeper.ts';
import type { Context } from './parts/context.ts';
import { escalationPart } from './parts/escalation.ts';
import { expiringPart } from './parts/expiring.ts';
import { lastUsePart } from './parts/last-use.ts';
import { revokedPart } from './parts/revoked.ts';
import { rolledPart } from './parts/rolled.ts';
import { scopedPart } from './parts/scoped.ts';
import { type Play, playAll, systemClock } from './plays.ts';
import { Rounds, SAMPLING_INTERVAL } from './rounds.ts';
import { Sampler } from './sampler.ts';

/** Seconds that a key is watched after a change, unless the settings say. */
export const DEFAULT_WATCH = 60;

export interface KeyAskingOptions extends Partial<SenderOptions> {
  readonly clock?: Clock;
  /** Where the journal of made keys is written. */
  readonly journalFolder: string;
  /** Ids of the rules that are to be judged; absent: all of them. */
  readonly rules?: ReadonlySet<KeyRuleId> | undefined;
  /** Ends the asking early: what was made is revoked. */
  readonly signal?: AbortSignal;
  /** Is given what says how many requests have been put on the wire so far. */
  readonly counted?: (requests: () => number) => void;
}

export interface KeyFindings {
  readonly observations: KeyObservations;
  readonly timeline: KeyTimeline;
  /** A sentence about each key that could not be revoked. */
  readonly leftovers: readonly string[];
}

type PartName = Exclude<keyof KeyObservations, 'promises' | 'operations'>;

/** Which part of the asking shows what a rule is about. */
const PART_OF_RULE: Readonly<Record<KeyRuleId, PartName>> = {
  'made-key-opens': 'revoked',
  'revoked-key-refused-in-time': 'revoked',
  'revoked-key-stays-refused': 'revoked',
  'rolled-keys-overlap': 'rolled',
  'rolled-key-ends': 'rolled',
  'changed-scopes-in-time': 'scoped',
  'expired-key-refused-in-time': 'expiring',
  'key-opens-until-it-expires': 'expiring',
  'key-makes-no-stronger-key': 'escalation',
  'last-use-told': 'lastUse',
  'revoked-id-gives-nothing': 'revoked',
};

/** Has keys of a sandbox made, changed and ended, and writes down what each of them opens over time. */
export async function askKeys(
  contract: Contract,
  target: Target,
  { clock = systemClock, journalFolder, rules, signal, counted, ...options }: KeyAskingOptions,
): Promise<KeyFindings> {
  const startedAt = clock.now();
  const wire = new HttpSender(contract, target, options);
  counted?.(() => wire.requests);
  const schemas = validatorsOf(contract);
  const keeper = keeperOf(contract, target, { wire, schemas, clock });
  const ring = new KeyRing(keeper, new KeyJournal(journalFolder, ownerOf(contract, target)), wire);
  const sampler = new Sampler({ contract, target, wire, schemas, clock, startedAt });
  const logs: KeyLog[] = [];
  const found: Partial<Record<PartName, unknown>> = {};
  try {
    const chosen = await chooseOperations(contract, sampler, signal);
    const context: Context = {
      ...{ contract, clock, sampler, ring, chosen },
      rounds: new Rounds(sampler, clock),
      promises: contract.lifecycle?.promises ?? {},
      watch: target.run.keyWatch ?? DEFAULT_WATCH,
      keep: (log) => logs.push(log),
    };
    const names = partsFor(rules);
    if (chosen.length === 0) for (const name of names) found[name] = NOTHING_TO_SHOW;
    else await playAll(playsOf(context, names, found), clock, signal);
    const leftovers = await ring.close();
    const observations = {
      promises: context.promises,
      operations: contract.operations.map(({ id }) => id).filter((id) => chosen.some((one) => one.operation.id === id)),
      ...found,
    } as KeyObservations;
    const skew = sampler.skew.seconds;
    const timeline: KeyTimeline = {
      keeper: keeper.kind,
      startedAt: new Date(startedAt).toISOString(),
      keys: logs.map(lineOf),
      samplingInterval: SAMPLING_INTERVAL,
      ...(skew !== undefined && { clockSkew: skew }),
      requests: wire.requests,
      seconds: sampler.now,
    };
    return { observations, timeline, leftovers };
  } finally {
    await ring.close();
    await wire.close();
  }
}

const NOTHING_TO_SHOW: NotAsked = {
  outcome: 'not proven',
  reason:
    'no GET operation accepts the full-access key and refuses a request without a key, so no key could be tried on one',
};

/** The parts that rules need, each once. */
export function partsFor(rules: ReadonlySet<KeyRuleId> | undefined): readonly PartName[] {
  const all = Object.entries(PART_OF_RULE) as [KeyRuleId, PartName][];
  return [...new Set(all.filter(([rule]) => rules?.has(rule) ?? true).map(([, part]) => part))];
}

function playsOf(context: Context, names: readonly PartName[], found: Partial<Record<PartName, unknown>>): Play[] {
  const plays: Readonly<Record<PartName, () => Play>> = {
    revoked: () => revokedPart(context, (part) => void (found.revoked = part)),
    rolled: () => rolledPart(context, (part) => void (found.rolled = part)),
    scoped: () => scopedPart(context, (part) => void (found.scoped = part)),
    expiring: () => expiringPart(context, (part) => void (found.expiring = part)),
    escalation: () => escalationPart(context, (part) => void (found.escalation = part)),
    lastUse: () => lastUsePart(context, (part) => void (found.lastUse = part)),
  };
  return names.map((name) => plays[name]());
}

/** A command of the settings goes before the operations of the contract: the user chose it. */
export function keeperOf(
  contract: Contract,
  target: Target,
  tools: { readonly wire: HttpSender; readonly schemas: SchemaValidators; readonly clock: Clock },
): KeyKeeper {
  return target.keyCommand ? commandKeeper(target, tools.clock) : operationsKeeper({ contract, target, ...tools });
}

export function ownerOf({ id }: Contract, { baseUrl, keyCommand }: Target): JournalOwner {
  return { contract: id, baseUrl, keeper: keyCommand ? 'command' : 'operations' };
}
