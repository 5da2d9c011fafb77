import { keyOf } from '../http/key-values.ts';
import { reasonNotToKeepKeys } from '../http/safety-guard.ts';
import { HttpSender } from '../http/sender.ts';
import { judgeKeys } from '../judging/keys/judge-keys.ts';
import type { KeyRule } from '../judging/keys/key-rule.ts';
import type { Cell } from '../model/cell.ts';
import type { Clock } from '../model/clock.ts';
import type { Contract } from '../model/contract.ts';
import type { ObservedSample } from '../model/key-observations.ts';
import type { Target } from '../model/target.ts';
import { validatorsOf } from '../openapi/schema-validators.ts';
import type { Secret } from '../secret.ts';
import { DEFAULT_WATCH } from '../run/keys/ask-keys.ts';
import { chooseOperations } from '../run/keys/choose-operations.ts';
import { KeyLog } from '../run/keys/key-log.ts';
import { madeKeyOptions, nameOfKey } from '../run/keys/made-keys.ts';
import { LONGEST_START } from '../judging/keys/samples.ts';
import { type Play, playAll } from '../run/keys/plays.ts';
import { type AskedKey, Rounds, SAMPLING_INTERVAL } from '../run/keys/rounds.ts';
import { Sampler } from '../run/keys/sampler.ts';
import { readable } from '../visible-text.ts';
import { type Conversation, EndOfAnswers, type Question } from './conversation.ts';
import { GuideError } from './guide-error.ts';

export interface ByHandTools {
  readonly conversation: Conversation;
  readonly clock: Clock;
  /** Those about keys over time; of them the ones that one revoked key can show are judged. */
  readonly rules: readonly KeyRule[];
}

/** What one key shows that a person makes and revokes. */
const JUDGED: readonly string[] = ['made-key-opens', 'revoked-key-refused-in-time', 'revoked-key-stays-refused'];

/**
 * Has a person make a key and revoke it, and watches what it opens, for an API whose keys nothing but a person can make.
 *
 * @returns the exit code: 0 where every rule is kept, 1 where one is broken, 2 where one could not be judged
 * @throws GuideError where there is nothing to watch
 */
export async function keysByHand(contract: Contract, target: Target, tools: ByHandTools): Promise<0 | 1 | 2> {
  const forbidden = reasonNotToKeepKeys(target);
  if (forbidden !== undefined)
    throw new GuideError(`npm run keys needs a sandbox, because ${forbidden}: name a sandbox.`);
  const wire = new HttpSender(contract, target, { timeout: target.run.timeout });
  try {
    return await watch(contract, target, wire, tools);
  } catch (error) {
    if (!(error instanceof EndOfAnswers)) throw error;
    tools.conversation.say('\nThat is where it ends. Revoke the key that you made, if you have not.');
    return 2;
  } finally {
    tools.conversation.close();
    await wire.close();
  }
}

async function watch(
  contract: Contract,
  target: Target,
  wire: HttpSender,
  { conversation, clock, rules }: ByHandTools,
): Promise<0 | 1 | 2> {
  const startedAt = clock.now();
  const schemas = validatorsOf(contract);
  const sampler = new Sampler({ contract, target, wire, schemas, clock, startedAt });
  const chosen = await chooseOperations(contract, sampler);
  if (chosen.length === 0)
    throw new GuideError(
      'No GET operation accepts the full-access key and refuses a request without a key, so nothing could be seen of another key.',
    );
  const operations = chosen.map(({ operation }) => operation.id);
  conversation.say(`The key will be sent to ${operations.join(', ')} of ${target.baseUrl}.`);
  const secret = await askForKey(conversation, target);
  wire.learn(secret);
  const made = { order: sampler.order, sentAt: sampler.now, at: sampler.now };
  const log = new WatchedLog('key 1, revoked', (text) => conversation.say(text));
  log.note(made.at, 'made');
  const key = { secret, log, ways: chosen.flatMap(({ ways }) => ways) };
  const rounds = new Rounds(sampler, clock);
  let warm: AskedKey = key;
  await playAll([warming(rounds, sampler, key, (found) => (warm = found))], clock);
  if (warm.ways.length === 0)
    throw new GuideError(
      'No operation accepts the key, so its revocation cannot be watched: make a key with all scopes.',
    );
  const asked = sampler.now;
  await untilRevoked(conversation, clock, rounds, warm);
  const revoked = { order: sampler.order, sentAt: asked, at: sampler.now };
  log.since = revoked.at;
  log.note(revoked.at, 'revoked');
  const { promises = {} } = contract.lifecycle ?? {};
  const seconds = target.run.keyWatch ?? DEFAULT_WATCH;
  await playAll([ending(rounds, warm, revoked.at, promises.revokedWithin, seconds)], clock);
  const part = { key: log, made, hasAllScopes: false, revoked };
  const own = rules.filter(({ id }) => JUDGED.includes(id));
  const cells = judgeKeys(own, { promises, operations, revoked: part }, contract);
  conversation.say(`\n${own.map((rule) => verdictText(rule, cells)).join('\n')}`);
  return codeOf(cells);
}

async function askForKey(conversation: Conversation, target: Target): Promise<Secret> {
  const answer = await conversation.askSecret({
    id: 'key',
    text: 'The new key',
    reason: `Make a key with all scopes on ${target.baseUrl} now, and paste it. It is not shown and not kept.`,
    default: '',
    check: (value) =>
      keyOf(value, '', madeKeyOptions(target, 1)) ? undefined : 'This is not a key: paste it without spaces.',
  });
  const secret = keyOf(answer, nameOfKey(1), madeKeyOptions(target, 1));
  if (!secret) throw new EndOfAnswers();
  return secret;
}

async function* warming(rounds: Rounds, sampler: Sampler, key: AskedKey, found: (key: AskedKey) => void): Play {
  const ways = yield* rounds.until(key, () => 'opened', { from: sampler.now, longest: LONGEST_START });
  found({ ...key, ways: key.ways.filter((way) => ways.includes(way)) });
}

const REVOKE: Question = {
  id: 'revoked',
  text: 'Press Enter when it is revoked',
  reason: 'Revoke the key now, and press Enter at once when the console says that it is done.',
  default: 'done',
  unless: '',
};

/** Goes on asking while the person revokes the key, so that the last acceptance is known. */
async function untilRevoked(conversation: Conversation, clock: Clock, rounds: Rounds, key: AskedKey): Promise<void> {
  const ended = new AbortController();
  const answer = conversation.ask(REVOKE).finally(() => ended.abort());
  // Who ends it by Ctrl-C is heard below.
  answer.catch(() => undefined);
  while (!ended.signal.aborted) {
    await rounds.sweep(key, () => 'opened');
    await Promise.race([clock.wait(SAMPLING_INTERVAL * 1000), answer]);
  }
  await answer;
}

async function* ending(
  rounds: Rounds,
  key: AskedKey,
  from: number,
  promised: number | undefined,
  seconds: number,
): Play {
  yield* rounds.until(key, () => 'refused', { from, promised, longest: (promised ?? 0) + seconds });
  yield* rounds.watch(key, () => 'refused', seconds);
}

/** Says what each round showed. */
class WatchedLog extends KeyLog {
  readonly #say: (text: string) => void;
  /** Seconds since the asking began at which the key was revoked. */
  since: number | undefined;
  #last = '';

  constructor(name: string, say: (text: string) => void) {
    super(name);
    this.#say = say;
  }

  override add(samples: readonly ObservedSample[]): readonly ObservedSample[] {
    const [first] = samples;
    const counts = ['opened', 'refused', 'unclear', 'fault'].flatMap((what) => {
      const count = samples.filter((sample) => sample.what === what).length;
      return count > 0 ? [`${count} ${what}`] : [];
    });
    const text = counts.join(', ');
    // Before the revocation every round says the same.
    if (first && (this.since !== undefined || text !== this.#last)) {
      const after = this.since === undefined ? '' : ` (${(first.at - this.since).toFixed(1)} s after)`;
      this.#say(readable(`${first.at.toFixed(1).padStart(6)} s${after}: ${text}`));
    }
    this.#last = text;
    return super.add(samples);
  }
}

function verdictText({ id, title }: KeyRule, cells: readonly Cell[]): string {
  const own = cells.filter(({ rule }) => rule === id);
  const worst = ['violates', 'error', 'not proven', 'not applicable', 'conforms'].find((outcome) =>
    own.some((cell) => cell.outcome === outcome),
  );
  const cell = own.find(({ outcome }) => outcome === worst);
  const verdict = cell?.cases.find(({ outcome }) => outcome === worst);
  const [unmet] = verdict?.unmet ?? [];
  const why = unmet ? `expected that ${unmet.expected}, received: ${unmet.actual}` : (verdict?.reason ?? cell?.reason);
  return readable(`${worst}  ${id}: ${title}${why === undefined ? '' : `\n    ${why}`}`);
}

function codeOf(cells: readonly Cell[]): 0 | 1 | 2 {
  if (cells.some(({ outcome }) => outcome === 'violates')) return 1;
  return cells.some(({ outcome }) => outcome === 'error' || outcome === 'not proven') ? 2 : 0;
}
