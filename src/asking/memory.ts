import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that a heap may grow by, beside what is in use, before garbage is collected. */
const SLACK = 64 * 1024 * 1024;

/**
 * Keeps the heap of a process small that makes much garbage for a long time. V8 lets garbage grow to several times what is in
 * use: where a thousand operations are asked, to a gigabyte, for a tenth of that in use. A collection takes a tenth of a second,
 * so that it is not made more often than every ten seconds or so.
 */
export class Memory {
  readonly #heap: Heap;
  /** Bytes in use after the last collection. */
  #inUse = 0;

  /** @param heap absent: of this process */
  constructor(heap = ownHeap()) {
    this.#heap = heap;
  }

  /** To be called now and then, where a tenth of a second is not missed. */
  tidy(): void {
    const { used, collect } = this.#heap;
    if (used() < 2 * this.#inUse + SLACK) return;
    collect();
    this.#inUse = used();
  }
}

interface Heap {
  /** Bytes, those of garbage among them. */
  readonly used: () => number;
  readonly collect: () => void;
}

function ownHeap(): Heap {
  setFlagsFromString('--expose-gc');
  return {
    used: () => getHeapStatistics().used_heap_size,
    collect: runInNewContext('gc') as () => void,
  };
}
