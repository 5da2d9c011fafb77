/** The beginning of a document of seventeen lines, for tests that add paths to it. */
export const HEAD = `openapi: 3.1.0
info: { title: Things, version: '1' }
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    other: { type: apiKey, in: query, name: other }
    token: { type: oauth2, flows: { implicit: { authorizationUrl: https://example.com, scopes: {} } } }
    certificate: { type: mutualTLS }
  schemas:
    Error: { type: object }
    Fault: { type: object }
  responses:
    Refused: { description: No, content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
    Faulty: { description: No, content: { application/json: { schema: { $ref: '#/components/schemas/Fault' } } } }
    Bare: { description: No }
`;

/** Responses to a missing credential and to a missing scope. */
export const REFUSED =
  "'401': { $ref: '#/components/responses/Refused' }, '403': { $ref: '#/components/responses/Refused' }";
/** An operation in one line, so that this line is the operation's. */
export const operation = (security: string, responses = REFUSED, more = ''): string =>
  `get: { ${security}${more} responses: { '200': { description: Yes }, ${responses} } }`;

/** A security requirement of the one scheme that needs no scope. */
export const KEY = 'security: [{ key: [] }],';
