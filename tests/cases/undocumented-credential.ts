import type { Contract, SecurityScheme } from '../../src/contract/contract.ts';
import { isBasic } from '../../src/contract/security.ts';
import type { Ask, AskedFor } from '../../src/plan/ask.ts';
import type { Case } from '../../src/plan/case.ts';
import { type Text, text } from '../../src/target/secret.ts';
import { hasBody } from './applicability.ts';
import { keyInHeader } from './forms.ts';

const QUERY_NAMES = ['api_key', 'apikey', 'key', 'access_token', 'token'];
const HEADER_NAMES = ['Api-Key', 'X-Api-Token', 'X-Auth-Token', 'Ocp-Apim-Subscription-Key', 'X_API_KEY'];

/** The full-access key where no page says that it may be: a way in that nobody documented is one that nobody watches. */
export const elsewhere: readonly Case[] = [
  undocumented('key-in-query', 'the full-access key in the query', (ask) => {
    ask.assertNotProduction('a key in a URL is kept in logs');
    return {
      query: undocumentedNames(QUERY_NAMES, 'query', ask).map((name): Text => text`${`${name}=`}${ask.fullKey()}`),
    };
  }),
  undocumented('key-in-cookie', 'the full-access key in cookies', (ask) => ({
    headers: [
      [
        'Cookie',
        undocumentedNames(['X-API-Key', ...QUERY_NAMES], 'cookie', ask).flatMap(
          (name, index): Text => text`${index === 0 ? '' : '; '}${`${name}=`}${ask.fullKey()}`,
        ),
      ],
    ],
  })),
  undocumented('key-in-other-headers', 'the full-access key in headers that other APIs use', (ask) => ({
    headers: undocumentedNames(HEADER_NAMES, 'header', ask).map((name) => [name, [ask.fullKey()]]),
  })),
  {
    ...undocumented('key-as-basic-password', 'the full-access key as user and password of the Basic scheme', (ask) => {
      const pair = ask.fullKey().derive(
        'as a Basic credential',
        (value) => Buffer.from(`${value}:${value}`).toString('base64'),
        (name) => `$(printf %s "$${name}:$${name}" | base64 -w0)`,
      );
      return { headers: [['Authorization', text`Basic ${pair}`]] };
    }),
    appliesTo: (_, { schemes }) =>
      !Object.values(schemes).some(isBasic) || 'the contract documents the Basic scheme itself',
  },
];

/** In the body, of operations that take one. */
export const inBody: readonly Case[] = [
  {
    ...undocumented('key-in-form-body', 'the full-access key in the fields of a form', (ask) => ({
      bodyType: 'application/x-www-form-urlencoded',
      body: QUERY_NAMES.flatMap((name, index): Text => text`${index === 0 ? '' : '&'}${`${name}=`}${ask.fullKey()}`),
    })),
    appliesTo: hasBody,
  },
];

/** The key in one of the documented headers, though not as the page shows it. */
export const oddSchemes: readonly Case[] = [
  ...(['Token', 'Digest', 'ApiKey', 'Basic'] as const).map((scheme) =>
    undocumented(`scheme-${scheme.toLowerCase()}`, `the full-access key behind the scheme ${scheme}`, (ask) => ({
      headers: [['Authorization', text`${`${scheme} `}${ask.fullKey()}`]],
    })),
  ),
  {
    ...undocumented('no-scheme', 'the full-access key in Authorization without a scheme', (ask) => ({
      headers: [['Authorization', [ask.fullKey()]]],
    })),
    appliesTo: (_, { schemes }) =>
      !Object.values(schemes).some(isWholeAuthorization) ||
      'the contract documents Authorization without a scheme itself',
  },
  undocumented('scheme-run-together', 'the full-access key run together with its scheme', (ask) => ({
    headers: [['Authorization', text`Bearer${ask.fullKey()}`]],
  })),
  undocumented('scheme-twice', 'the full-access key behind the scheme twice', (ask) => ({
    headers: [['Authorization', text`Bearer Bearer ${ask.fullKey()}`]],
  })),
  {
    ...undocumented('scheme-in-key-header', "the full-access key behind a scheme in the key's own header", (ask) => {
      const usual = ask.presented(ask.fullKey());
      const own = ask.lines(ask.fullKey()).map(([name]) => name);
      return {
        credentials: {
          ...usual,
          headers: usual.headers.map(([name, value]) => [name, own.includes(name) ? ['Bearer ', ...value] : value]),
        },
      };
    }),
    suits: keyInHeader,
    appliesTo: (_, { schemes }) =>
      !Object.values(schemes).some(isWholeAuthorization) ||
      'the contract documents Authorization without a scheme itself',
  },
];

/** The word in front of a token is then a part of the key, which only the user knows. */
function isWholeAuthorization({ type, parameter }: SecurityScheme): boolean {
  return type === 'apiKey' && parameter?.toLowerCase() === 'authorization';
}

/** Names under which the contract takes no key: one that it documents is no way round. */
function undocumentedNames(
  names: readonly string[],
  where: NonNullable<SecurityScheme['in']>,
  { contract }: { readonly contract: Contract },
): readonly string[] {
  const documented = Object.values(contract.schemes).flatMap((scheme) =>
    scheme.in === where ? (scheme.parameter?.toLowerCase() ?? []) : [],
  );
  return names.filter((name) => !documented.includes(name.toLowerCase()));
}

/** What the form asks for beside the key is there, so that a refusal is about the key. */
function undocumented(id: string, title: string, asked: (ask: Ask) => AskedFor): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    request: (ask) => {
      const own = asked(ask);
      const taken = own.headers?.map(([name]) => name.toLowerCase()) ?? [];
      const { headers, ...rest } = ask.beside();
      const beside = { ...rest, headers: headers.filter(([name]) => !taken.includes(name.toLowerCase())) };
      return ask.request({ credentials: beside, ...own });
    },
  };
}
