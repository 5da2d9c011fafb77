import { compare, seeded } from '../../src/run/statistics.ts';
import { expect, test } from '../support/unit-test.ts';

test('equal samples show no effect, shifted ones a full one', () => {
  const one = Array.from({ length: 40 }, (_, index) => index);
  expect(compare(one, one, seeded(1))).toMatchObject({ effect: 0, pValue: 1 });
  const shifted = compare(
    one,
    one.map((value) => value + 100),
    seeded(1),
  );
  expect(shifted.effect).toBe(1);
  expect(shifted.pValue).toBeLessThan(0.001);
});
