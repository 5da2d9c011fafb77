/** Documents that a stranger could hand over, each to do something that a document must not, and changes of good ones. */

export type Document = Readonly<Record<string, unknown>>;

const KEY = { type: 'apiKey', in: 'header', name: 'X-Key' };
const RESPONSES = { '200': { description: 'Things' }, '401': { description: 'No' } };

/** A small document that has nothing wrong with it, with members that replace its own. */
export function small({ operation = {}, schemas = {}, schemes = {}, ...members }: Changes = {}): Document {
  return {
    openapi: '3.0.3',
    info: { title: 'Small', version: '1' },
    servers: [{ url: 'https://api.example.com' }],
    security: [{ key: [] }],
    paths: { '/things': { get: { responses: RESPONSES, ...operation } } },
    components: { securitySchemes: { key: KEY, ...schemes }, schemas },
    ...members,
  };
}

interface Changes extends Document {
  readonly operation?: Document;
  readonly schemas?: Document;
  readonly schemes?: Document;
}

const json = (schema: unknown, more: Document = {}): Document => ({
  description: 'JSON',
  content: { 'application/json': { schema, ...more } },
});
const post = (schema: unknown): Document => ({
  '/things': {
    get: { responses: RESPONSES },
    post: { requestBody: { required: true, ...json(schema) }, responses: RESPONSES },
  },
});
const query = (schema: unknown, more: Document = {}): Document => ({
  parameters: [{ name: 'q', in: 'query', required: true, schema, ...more }],
});
const NAMES = 'abcdefgh'.split('');
/** Alternatives of alternatives: two to the power of thirty of them. */
const doubling = Object.fromEntries(
  Array.from({ length: 31 }, (_, index) => {
    const next = { $ref: `#/components/schemas/S${index + 1}` };
    return [`S${index}`, index === 30 ? { type: 'integer' } : { anyOf: [next, next] }];
  }),
);

/** A line break, a bell, an escape sequence, a separator of lines, and what turns the direction of writing. */
const UNSEEN = '\r\n\u0007\u001b[2J\u2028\u202e\u0085';

/**
 * @param canary path of a file that must not be read, outside of the document's folder
 * @param port of a server that must not be asked
 */
export function hostileDocuments(canary: string, port: number): Readonly<Record<string, Document | string>> {
  return {
    'server-as-setting': small({
      servers: [{ url: `https://api.example.com/\nCONTRACT='$(touch made-by-document)'\n#` }],
    }),
    'title-as-setting': small({ info: { title: `Acme\nACME_BASE_URL=http://127.0.0.1:${port}\n#`, version: UNSEEN } }),
    'title-as-command': small({ info: { title: '::error file=x::y', version: '##vso[task.setvariable]x' } }),
    'unseen-names': small({
      tags: [{ name: UNSEEN, description: UNSEEN }],
      schemes: {
        [`a${UNSEEN}b`]: KEY,
        odd: { ...KEY, name: `X-Key${UNSEEN}` },
        crumb: { ...KEY, in: 'cookie', name: 'a;b\r\n' },
      },
      operation: { security: [{ [`a${UNSEEN}b`]: [UNSEEN] }, { odd: [] }, { crumb: [] }, { key: [`read${UNSEEN}`] }] },
      [`x-${UNSEEN}`]: UNSEEN,
    }),
    'unseen-paths': small({
      paths: {
        '/a HTTP/1.1\r\nX-Evil: 1\r\n': { get: { responses: RESPONSES } },
        [`/b${UNSEEN}`]: { get: { responses: RESPONSES } },
        '/c': {
          post: {
            requestBody: { content: { 'text/plain\r\nX-Evil: 1': { schema: {} } } },
            responses: { '200': { description: UNSEEN, content: { 'text/plain\r\nX-Evil: 1': {} } } },
          },
          get: {
            parameters: [
              { name: `X-A${UNSEEN}`, in: 'header', required: true, example: UNSEEN },
              { name: 'X-B', in: 'header', required: true, example: UNSEEN },
            ],
            responses: RESPONSES,
          },
        },
      },
    }),
    'reference-in-example': small({ operation: query({ type: 'string' }, { example: { $ref: canary } }) }),
    'reference-in-default': small({
      operation: query({ type: 'string', default: { $ref: canary }, enum: [{ $ref: canary }] }),
    }),
    'reference-in-extension': small({ operation: { 'x-code': [{ source: { $ref: canary } }] } }),
    'reference-to-file': small({ operation: { responses: { '200': json({ $ref: canary }) } } }),
    'reference-to-file-address': small({ operation: { responses: { '200': json({ $ref: `file://${canary}` }) } } }),
    'reference-to-link': small({ operation: { responses: { '200': json({ $ref: 'link.json' }) } } }),
    'reference-to-hidden': small({ operation: { responses: { '200': json({ $ref: '.hidden.json' }) } } }),
    'reference-to-other-sort': small({ operation: { responses: { '200': json({ $ref: 'canary.txt' }) } } }),
    'reference-to-broken': small({ operation: { responses: { '200': json({ $ref: 'broken.yaml' }) } } }),
    'reference-to-pipe': small({ operation: { responses: { '200': json({ $ref: 'pipe.json' }) } } }),
    'reference-to-missing': small({ operation: { responses: { '200': json({ $ref: 'missing.json' }) } } }),
    'reference-to-device': small({ operation: { responses: { '200': json({ $ref: 'zero.json' }) } } }),
    'reference-to-folder': small({ operation: { responses: { '200': json({ $ref: 'folder.json' }) } } }),
    'reference-to-process': small({ operation: { responses: { '200': json({ $ref: '/proc/self/environ' }) } } }),
    'reference-to-address': small({
      operation: { responses: { '200': json({ $ref: `http://127.0.0.1:${port}/s.json` }) } },
    }),
    'reference-to-itself': small({
      schemas: { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/A' } },
      operation: { responses: { '200': json({ $ref: '#/components/schemas/A' }) } },
    }),
    'pattern-without-end': small({
      operation: {
        responses: {
          ...RESPONSES,
          '401': json(
            { type: 'object', properties: { message: { type: 'string', pattern: '^(([a-z])+.)+[A-Z]([a-z])+$' } } },
            { example: { message: 'a'.repeat(60) } },
          ),
        },
      },
    }),
    'pattern-in-parameter': small({
      operation: query({ type: 'string', pattern: '^(a+)+$' }, { example: `${'a'.repeat(60)}!` }),
    }),
    'schema-without-end': small({
      paths: post({ $ref: '#/components/schemas/A' }),
      schemas: { A: { allOf: [{ $ref: '#/components/schemas/A' }], type: 'object' } },
    }),
    'schema-that-doubles': small({ paths: post({ $ref: '#/components/schemas/S0' }), schemas: doubling }),
    'schema-that-fans-out': small({
      paths: post({ $ref: '#/components/schemas/A' }),
      schemas: {
        A: {
          type: 'object',
          required: NAMES,
          properties: Object.fromEntries(NAMES.map((name) => [name, { $ref: '#/components/schemas/A' }])),
        },
      },
    }),
    'sample-too-long': small({ operation: query({ type: 'string', minLength: 2_000_000_000 }) }),
    'list-too-long': small({
      paths: post({
        type: 'array',
        minItems: 1e12,
        items: { type: 'array', minItems: 1e12, items: { type: 'string', minLength: 1e12 } },
      }),
    }),
    'pattern-too-long': small({ paths: post({ type: 'string', pattern: '^(((a{1000}){1000}){1000}){1000}$' }) }),
    'names-of-every-object': small({
      security: [{ constructor: [], __proto__: [] }],
      schemes: { toString: KEY, hasOwnProperty: { type: 'constructor' } },
      operation: { security: [{ toString: ['constructor'] }, { valueOf: [] }] },
    }),
    'deep.json': `{"openapi":"3.1.0","x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    'deep.yaml': `openapi: 3.1.0\nx: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`,
    'aliases.yaml': `openapi: 3.1.0\na0: &a0 [x, x]\n${Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`).join('')}`,
    'alias-of-itself.yaml': 'openapi: 3.1.0\na: &a [*a]\n',
    'code.yaml': 'openapi: !!js/function "process.exit(3)"\n',
    'not-even-text.yaml': `\u0000\u0001${UNSEEN}`,
  };
}

/** Values that no member is meant to have. */
const ODD: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1e21,
    '',
    'x',
    [],
    {},
    [[]],
    [null],
    { $ref: '#' },
    { $ref: '#/nowhere' },
    { $ref: 'nowhere.yaml' },
  ],
  ...[
    UNSEEN,
    '../../..',
    '__proto__',
    'constructor',
    '$(touch made-by-document)',
    { __proto__: 1 },
    { constructor: {} },
  ],
  ...[
    { $ref: 5 },
    { type: ['string', 'null'] },
    { type: 5 },
    '(((a+)+)+)+$',
    ['a', 'a'],
    { '': '' },
    '{',
    '{}',
    '/',
    '\ud800',
  ],
];

/** A copy of a good document with a few places changed, always the same ones for a seed. */
export function changed(document: Document, seed: number): Document {
  let state = seed * 2_654_435_761 + 1;
  const random = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37) | 0;
    return Math.abs(state ^ (state >>> 13)) % below;
  };
  const copy = structuredClone(document) as Record<string, unknown>;
  for (let times = 1 + random(4); times > 0; times--) {
    const owners: Record<string, unknown>[] = [];
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      owners.push(value as Record<string, unknown>);
      Object.values(value).forEach(collect);
    };
    collect(copy);
    const owner = owners[random(owners.length)] ?? copy;
    const names = Object.keys(owner);
    const name = names[random(Math.max(1, names.length))] ?? 'x';
    const odd = structuredClone(ODD[random(ODD.length)]);
    const way = random(5);
    if (way === 0 && !Array.isArray(owner)) Reflect.deleteProperty(owner, name);
    else if (way === 1 && !Array.isArray(owner)) owner[`${name}${UNSEEN}`] = owner[name];
    else if (way === 2) owner[name] = structuredClone(owners[random(owners.length)]);
    else owner[name] = odd;
  }
  return copy;
}
