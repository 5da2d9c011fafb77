import { existsSync } from 'node:fs';
import type { Contract, SecurityScheme } from '../model/contract.ts';
import { isBasic } from '../openapi/security.ts';
import { missingValues } from '../openapi/required-parameters.ts';
import { unknownValues } from '../requests/list-operations.ts';
import type { Question } from './conversation.ts';
import type { Looked } from './look.ts';

/** Each question of the guided way, with its default and its reason. */

const DOCUMENTS = ['openapi.yaml', 'openapi.yml', 'openapi.json'];
const FIRST_BUDGET = '500';

export function documentQuestion(): Question {
  return {
    id: 'document',
    text: 'OpenAPI document (a file, or an address that begins with https://)',
    reason: 'The document says what your API promises: which operations ask for a key, and how it is sent.',
    default: DOCUMENTS.find((name) => existsSync(name)) ?? '',
    check: (answer) => (answer === '' ? 'Name the file of the document, such as openapi.yaml.' : undefined),
  };
}

/** @param title of the API, which the name is made of */
export function nameQuestion(title: string): Question {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 24)
    .replace(/-+$/, '');
  return {
    id: 'name',
    text: 'Name of the contract',
    reason: 'It becomes the name of a folder in specs/ and the beginning of your settings: acme gives ACME_API_KEY.',
    default: name === '' ? 'api' : name,
    check: (answer) =>
      /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(answer) ? undefined : 'Use small letters, digits and hyphens.',
  };
}

export function baseUrlQuestion({ servers }: Contract): Question {
  const server = servers.find((one) => /^https:\/\/[^{}]+$/.test(one) && URL.canParse(one));
  return {
    id: 'base-url',
    text: 'Base URL of the API',
    reason: 'Requests go only to this address. Give a sandbox or a test deployment if there is one.',
    default: server ?? '',
    ...(server === undefined && { unless: 'none: the embedded mock is judged' }),
    check: (answer) => {
      if (answer === '') return undefined;
      const url = URL.canParse(answer) ? new URL(answer) : undefined;
      if (url?.username !== '' || url.password !== '') return 'Write a URL such as https://sandbox.example.com/v1.';
      return /^https?:$/.test(url.protocol) ? undefined : 'A base URL begins with https://.';
    },
  };
}

/** @param problem in a sentence without its end */
export function otherBaseUrlQuestion(contract: Contract, current: string, problem: string): Question {
  const { unless: _, ...question } = baseUrlQuestion(contract);
  return {
    ...question,
    text: 'Which base URL',
    reason: `${problem}; which base URL? The path often contains a version. Give the same base URL again to keep it.`,
    default: current,
  };
}

/** @returns undefined where the contract knows the server, and with it the environment */
export function environmentQuestion({ keyKinds }: Contract, baseUrl: string): Question | undefined {
  if (keyKinds.some(({ server }) => server === baseUrl.replace(/\/$/, ''))) return undefined;
  return {
    id: 'environment',
    text: 'Environment, production or sandbox',
    reason:
      'On production the suite sends no unsafe method with a key that could be accepted. If you are not sure, answer production.',
    default: 'production',
    check: (answer) => (answer === 'production' || answer === 'sandbox' ? undefined : 'Answer production or sandbox.'),
  };
}

export function keyQuestion({ name, ...scheme }: SecurityScheme, variable: string): Question {
  const form = isBasic({ name, ...scheme }) ? 'user:password' : 'key';
  return {
    id: 'key',
    text: `A ${form} with full access for the scheme ${name} (nothing is shown while you type)`,
    reason: `The API must accept this key; otherwise no refusal proves anything. It is written to .env as ${variable}, and never shown.`,
    default: '',
    unless: 'none yet',
  };
}

/**
 * A question for each path parameter that nothing gives a value.
 *
 * @param shown ids that lists of the target have shown, by the name of the parameter
 */
export function pathValueQuestions(contract: Contract, shown: Looked['ids'] = {}): readonly Question[] {
  const lists = new Map(
    unknownValues(contract, { given: {}, read: {} }).map(({ parameter, list }) => [parameter.name, list.id]),
  );
  const missing = contract.operations.flatMap(({ id, parameters }) =>
    parameters.filter((one) => one.in === 'path' && one.example === undefined).map(({ name }) => ({ name, id })),
  );
  const first = new Map(missing.toReversed().map(({ name, id }) => [name, id]));
  return [...first].toReversed().map(([name, operation]): Question => {
    const list = lists.get(name);
    const found = Object.hasOwn(shown, name) ? shown[name] : undefined;
    const text = `Value of ${name} that exists on the target, in ${operation}`;
    if (found)
      return {
        ...{ id: name, text, default: found.value, check: checkPathValue },
        reason: `${found.list} of the target shows this value. Give another value if the suite must not read this resource.`,
      };
    return {
      id: name,
      text,
      reason:
        list === undefined
          ? 'Without a value that exists, the operation responds with 404, and nothing is proven.'
          : `Without a value, the run takes one from ${list}.`,
      default: '',
      unless: list === undefined ? 'none' : `from ${list}`,
      check: checkPathValue,
    };
  });
}

function checkPathValue(answer: string): string | undefined {
  return /[;=\s]/.test(answer) ? 'A value here has no space, semicolon or equals sign.' : undefined;
}

/** A question for each required parameter beside the path for which a run would make up a value. */
export function parameterValueQuestions(contract: Contract): readonly Question[] {
  return missingValues(contract).map(({ parameter: { name, in: where }, operations }): Question => ({
    id: name,
    text: `Value of the ${where === 'query' ? 'query parameter' : where} ${name}, which ${operations[0]?.id ?? ''} requires`,
    reason:
      'Reports show this value, so give no credential. Without a value the run makes one up, which the API may not know.',
    default: '',
    unless: 'made up',
    check: (answer) =>
      /^[\x20-\x3a\x3c-\x7e]*$/.test(answer) ? undefined : 'A value here is printable ASCII without a semicolon.',
  }));
}

/** The cases that documented rules need are the first that a budget keeps. */
export function budgetQuestion(): Question {
  return {
    id: 'budget',
    text: 'Largest number of requests of the first run; 0 for no run',
    reason:
      'Requests that documented rules need are sent first, so even a small run is useful. A later run without this limit tests everything.',
    default: FIRST_BUDGET,
    check: (answer) => (/^\d{1,9}$/.test(answer) ? undefined : 'Write a whole number.'),
  };
}
