import { Memory } from '../../src/asking/memory.ts';
import { expect, test } from '../support/unit-test.ts';

const MIB = 1024 * 1024;

test('garbage is collected once it is more than what is in use and 64 MiB', () => {
  let [inUse, garbage, collections] = [40, 0, 0];
  const memory = new Memory({
    used: () => (inUse + garbage) * MIB,
    collect: () => {
      garbage = 0;
      collections++;
    },
  });
  const after = (more: { readonly inUse?: number; readonly garbage?: number }): number => {
    inUse += more.inUse ?? 0;
    garbage += more.garbage ?? 0;
    memory.tidy();
    return collections;
  };
  expect(after({ garbage: 20 }), 'nothing was collected before: 60 of 64 MiB').toBe(0);
  expect(after({ garbage: 10 }), '70 of 64 MiB').toBe(1);
  expect(after({ garbage: 100 }), '140 of 144 MiB').toBe(1);
  expect(after({ garbage: 10 }), '150 of 144 MiB').toBe(2);
  expect(after({ inUse: 110 }), 'all of 150 MiB in use').toBe(3);
  expect(after({ garbage: 200 }), '350 of 364 MiB').toBe(3);
});

test('the heap of this process can be collected', () => {
  expect(() => new Memory().tidy()).not.toThrow();
});
