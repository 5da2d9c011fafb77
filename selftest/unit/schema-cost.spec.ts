import { isLinear } from '../../src/openapi/schema-cost.ts';
import { expect, test } from '../support/unit-test.ts';

/** Which patterns need no limit of time. A wrong yes lets a document keep a run busy for ever. */

const LINEAR = [
  '^req_.',
  '^[a-z]+$',
  '^API key does not have permission for (?:this action|[a-z]+:[a-z]+)$',
  '^[A-Z]{2,}-[0-9]+$',
  '^\\d+-\\w+$',
];
for (const pattern of LINEAR)
  test(`${pattern} needs no limit of time`, () => {
    expect(isLinear(pattern)).toBe(true);
  });

/** Each takes longer than a second for one of these values, or has the form of those that do. */
const SLOW: readonly (readonly [pattern: string, why: string])[] = [
  ['^(a+)+$', 'a group is repeated'],
  ['^a+a+a+a+a+$', 'what is repeated may end anywhere'],
  ['^[a-z]+[a-z0-9]+$', 'what follows is a class'],
  ['^.+:.+:.+$', 'what follows is a part of what is repeated'],
  ['^\\w+_\\w+$', 'the same of an escape'],
  ['^a+b?a+$', 'what follows may be missing'],
  ['^a+b*a+$', 'what follows may be missing, as often as one likes'],
  ['^(?:a+|a+b)x+$', 'another alternative begins behind it'],
  ['^[]a]+b+]$', 'dialects differ in what the class is'],
];
for (const [pattern, why] of SLOW)
  test(`${pattern} needs a limit of time: ${why}`, () => {
    expect(isLinear(pattern)).toBe(false);
  });
