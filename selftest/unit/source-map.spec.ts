import { expect, test } from '../support/unit-test.ts';
import { SourceMap } from '../../src/openapi/source-map.ts';

const TEXT = `{
  "a": { "b\\/c": [
    1,
    { "d": "}, \\"x\\": {" }, [
      true
    ]
  ] },\r
  "e": null
}`;

const map = new SourceMap(TEXT);

for (const [tokens, line] of [
  [[], 1],
  [['a'], 2],
  [['a', 'b/c'], 2],
  [['a', 'b/c', '0'], 3],
  [['a', 'b/c', '1', 'd'], 4],
  [['a', 'b/c', '2'], 4],
  [['a', 'b/c', '2', '0'], 5],
  [['e'], 8],
] as const)
  test(`#/${tokens.join('/')} stands in line ${line}`, () => {
    expect(map.lineOf(tokens)).toBe(line);
  });

test('what does not exist has the line of the last member on the way', () => {
  expect(map.lineOf(['a', 'nothing', 'd'])).toBe(2);
  expect(map.lineOf(['nothing'])).toBe(1);
});

test('two members of one name are refused at any depth', () => {
  const deep = `${'{"a":'.repeat(20)}{"b":1,"\\u0062":2}${'}'.repeat(20)}`;
  expect(() => new SourceMap(deep)).toThrow('the member b is there twice');
  expect(() => new SourceMap('[{"a":1},{"a":1}]')).not.toThrow();
});

test('members that lie too deep have the line of the deepest one that is kept', () => {
  const deep = new SourceMap(`${'{\n"a":'.repeat(12)}1${'}'.repeat(12)}`);
  expect(deep.lineOf(Array.from({ length: 12 }, () => 'a'))).toBe(9);
});
