import type { Contract } from '../model/contract.ts';
import { inLine } from '../visible-text.ts';

/** An overlay that says nothing yet, with what it could say in comments: the maker's document stays as it is. */
export function overlayExample({ title, operations }: Contract): string {
  const names = operations.flatMap(({ parameters }) =>
    parameters.flatMap((one) => (one.in === 'path' && one.example === undefined ? [one.name] : [])),
  );
  const wanted = [...new Set(names)].slice(0, MOST).map((name) => inLine(name, LONGEST));
  return [
    '# This OpenAPI Overlay (https://spec.openapis.org/overlay/latest.html) adds what the document beside it does not say.',
    '# Remove the # from the lines that you need, and fill them in. You can replace the document by its next version.',
    'overlay: 1.1.0',
    'info:',
    `  title: ${JSON.stringify(`What ${title} says about authentication`)}`,
    "  version: '1'",
    'actions: []',
    '# actions:',
    '#   - target: $',
    '#     update:',
    '#       servers: [{ url: https://sandbox.example.com/v1 }]',
    '#       x-authentication: { scopes: [] }',
    '#   # The responses to a missing key and to a key without the scope, for all operations.',
    '#   - target: $.paths.*[?@.responses].responses',
    "#     update: { '401': { description: Unauthorized }, '403': { description: Forbidden } }",
    '#   # A value of a path parameter that exists on the target.',
    ...(wanted.length > 0 ? [`#   # Without an example: ${wanted.join(', ')}`] : []),
    "#   - target: $.paths.*.*.parameters[?@.name == 'id']",
    '#     update: { example: id-of-something }',
    '',
  ].join('\n');
}

const MOST = 20;
const LONGEST = 60;
