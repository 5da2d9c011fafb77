import type { Contract, SecurityScheme } from '../../../src/model/contract.ts';
import { isBasic } from '../../../src/openapi/security.ts';
import type { RequestBuilder, RequestParts } from '../../../src/requests/request-builder.ts';
import type { Case } from '../../../src/requests/case.ts';
import { type Text, text } from '../../../src/secret.ts';
import { hasBody } from './applicability.ts';
import { keyInHeader } from './forms.ts';

const QUERY_NAMES = ['api_key', 'apikey', 'key', 'access_token', 'token'];
const HEADER_NAMES = ['Api-Key', 'X-Api-Token', 'X-Auth-Token', 'Ocp-Apim-Subscription-Key', 'X_API_KEY'];

/** The full-access key where no page says that it may be: a way in that nobody documented is one that nobody watches. */
export const elsewhere: readonly Case[] = [
  undocumented('key-in-query', 'the full-access key in the query', (builder) => {
    builder.assertNotProduction('a key in a URL is kept in logs');
    return {
      query: undocumentedNames(QUERY_NAMES, 'query', builder).map(
        (name): Text => text`${`${name}=`}${builder.fullKey()}`,
      ),
    };
  }),
  undocumented('key-in-cookie', 'the full-access key in cookies', (builder) => ({
    headers: [
      [
        'Cookie',
        undocumentedNames(['X-API-Key', ...QUERY_NAMES], 'cookie', builder).flatMap(
          (name, index): Text => text`${index === 0 ? '' : '; '}${`${name}=`}${builder.fullKey()}`,
        ),
      ],
    ],
  })),
  undocumented('key-in-other-headers', 'the full-access key in headers that other APIs use', (builder) => ({
    headers: undocumentedNames(HEADER_NAMES, 'header', builder).map((name) => [name, [builder.fullKey()]]),
  })),
  {
    ...undocumented(
      'key-as-basic-password',
      'the full-access key as user and password of the Basic scheme',
      (builder) => {
        const pair = builder.fullKey().derive(
          'as a Basic credential',
          (value) => Buffer.from(`${value}:${value}`).toString('base64'),
          (name) => `$(printf %s "$${name}:$${name}" | base64 -w0)`,
        );
        return { headers: [['Authorization', text`Basic ${pair}`]] };
      },
    ),
    appliesTo: (_, { schemes }) =>
      !Object.values(schemes).some(isBasic) || 'the contract documents the Basic scheme itself',
  },
];

/** In the body, of operations that take one. */
export const inBody: readonly Case[] = [
  {
    ...undocumented('key-in-form-body', 'the full-access key in the fields of a form', (builder) => ({
      bodyType: 'application/x-www-form-urlencoded',
      body: QUERY_NAMES.flatMap(
        (name, index): Text => text`${index === 0 ? '' : '&'}${`${name}=`}${builder.fullKey()}`,
      ),
    })),
    appliesTo: hasBody,
  },
];

/** The key in one of the documented headers, though not as the page shows it. */
export const oddSchemes: readonly Case[] = [
  ...(['Token', 'Digest', 'ApiKey', 'Basic'] as const).map((scheme) =>
    undocumented(`scheme-${scheme.toLowerCase()}`, `the full-access key behind the scheme ${scheme}`, (builder) => ({
      headers: [['Authorization', text`${`${scheme} `}${builder.fullKey()}`]],
    })),
  ),
  {
    ...undocumented('no-scheme', 'the full-access key in Authorization without a scheme', (builder) => ({
      headers: [['Authorization', [builder.fullKey()]]],
    })),
    appliesTo: (_, { schemes }) =>
      !Object.values(schemes).some(isWholeAuthorization) ||
      'the contract documents Authorization without a scheme itself',
  },
  undocumented('scheme-run-together', 'the full-access key run together with its scheme', (builder) => ({
    headers: [['Authorization', text`Bearer${builder.fullKey()}`]],
  })),
  undocumented('scheme-twice', 'the full-access key behind the scheme twice', (builder) => ({
    headers: [['Authorization', text`Bearer Bearer ${builder.fullKey()}`]],
  })),
  {
    ...undocumented(
      'scheme-in-key-header',
      "the full-access key behind a scheme in the key's own header",
      (builder) => {
        const usual = builder.credentialsFor(builder.fullKey());
        const own = builder.headerLinesFor(builder.fullKey()).map(([name]) => name);
        return {
          credentials: {
            ...usual,
            headers: usual.headers.map(([name, value]) => [name, own.includes(name) ? ['Bearer ', ...value] : value]),
          },
        };
      },
    ),
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
function undocumented(id: string, title: string, asked: (builder: RequestBuilder) => RequestParts): Case {
  return {
    id,
    group: 'presentation',
    title,
    control: 'valid-key',
    request: (builder) => {
      const own = asked(builder);
      const taken = own.headers?.map(([name]) => name.toLowerCase()) ?? [];
      const { headers, ...rest } = builder.companionCredentials();
      const beside = { ...rest, headers: headers.filter(([name]) => !taken.includes(name.toLowerCase())) };
      return builder.build({ credentials: beside, ...own });
    },
  };
}
