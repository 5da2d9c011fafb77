import type { HttpSender } from '../../http/sender.ts';
import type { NotAsked } from '../../model/key-observations.ts';
import type { Secret } from '../../secret.ts';
import type { KeyJournal } from './journal.ts';
import { type Kept, type KeyKeeper, type KeyWish, type MadeKey, type ToldOfKey, unsupported } from './keeper.ts';

/** The keys that a run makes. It notes each one in the journal before anything else happens, and revokes all that are left. */
export class KeyRing {
  readonly keeper: KeyKeeper;
  readonly #journal: KeyJournal;
  readonly #wire: HttpSender;
  /** Ids of those that are in use. */
  readonly #open = new Set<string>();
  readonly #underWay = new Set<Promise<unknown>>();
  #count = 0;
  #isClosed = false;

  constructor(keeper: KeyKeeper, journal: KeyJournal, wire: HttpSender) {
    this.keeper = keeper;
    this.#journal = journal;
    this.#wire = wire;
  }

  /** @param by a key that is to make it; absent: the full-access key */
  make(wish: KeyWish = {}, by?: Secret): Promise<Kept<MadeKey> & { readonly number: number }> {
    return this.#noted((number) => this.keeper.make(number, wish, by));
  }

  roll(id: string): Promise<Kept<MadeKey> & { readonly number: number }> {
    return this.#noted((number) => this.keeper.roll(number, id));
  }

  async update(id: string, scopes: readonly string[]): Promise<Kept<true>> {
    const updated = await this.#whileOpen(() => this.keeper.update(id, scopes));
    // One that was revoked may be valid again.
    if (updated.value !== undefined && !this.#open.has(id)) this.#begin(0, id);
    return updated;
  }

  read(id: string, secret?: Secret): Promise<Kept<ToldOfKey>> {
    return this.#whileOpen(() => this.keeper.read(id, secret));
  }

  async revoke(id: string): Promise<Kept<'revoked' | 'gone'>> {
    const revoked = await this.keeper.revoke(id);
    if (revoked.value !== undefined) this.#end(id);
    return revoked;
  }

  /** For requests with keys that are made elsewhere: after the end none is begun, and the end waits for it. */
  #whileOpen<Value>(work: () => Promise<Kept<Value>>): Promise<Kept<Value>> {
    if (this.#isClosed) return Promise.resolve(unsupported('the run ends'));
    return this.#tracked(work());
  }

  /** The journal has a line before the key is asked for, and its id before anybody else has it. */
  #noted(make: (number: number) => Promise<Kept<MadeKey>>): Promise<Kept<MadeKey> & { readonly number: number }> {
    const number = ++this.#count;
    if (this.#isClosed) return Promise.resolve({ ...unsupported('the run ends'), number });
    this.#journal.making(number);
    const work = make(number).then((kept) => {
      if (kept.value === undefined) {
        this.#journal.failed(number);
        return { ...kept, number };
      }
      const { id, secret } = kept.value;
      this.#begin(number, id);
      this.#wire.learn(secret);
      return { ...kept, number };
    });
    return this.#tracked(work);
  }

  async #tracked<Value>(work: Promise<Value>): Promise<Value> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  #begin(number: number, id: string): void {
    this.#open.add(id);
    this.#journal.made(number, id);
  }

  #end(id: string): void {
    this.#open.delete(id);
    this.#journal.ended(id);
  }

  /**
   * Waits for the keys that are being made, and revokes all that are left. Makes no more.
   *
   * @returns a sentence about each that could not be revoked
   */
  async close(): Promise<readonly string[]> {
    this.#isClosed = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    const left = await revokeAll(this.keeper, [...this.#open], (id) => this.#end(id));
    this.#journal.close();
    return left;
  }
}

/**
 * Revokes keys one after the other, so that no rate limit is in the way.
 *
 * @param ended is told of each that is gone
 * @returns a sentence about each that could not be revoked
 */
export async function revokeAll(
  keeper: Pick<KeyKeeper, 'revoke'>,
  ids: readonly string[],
  ended: (id: string) => void,
): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const id of ids) {
    const revoked = await keeper.revoke(id);
    if (revoked.value !== undefined) ended(id);
    else sentences.push(leftOverSentence(id, revoked));
  }
  return sentences;
}

function leftOverSentence(id: string, { reason }: NotAsked): string {
  return `The key with the id ${JSON.stringify(id)}, which the suite made, could not be revoked, since ${reason}: revoke it yourself.`;
}
