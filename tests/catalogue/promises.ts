/** Promises that no rule names though requests can check them: what checks them instead, or why nothing does. */
export const judgedOtherwise: Readonly<Record<string, string>> = {
  'api-key-header':
    '`valid-key` sends the key in this header, and every rule that sends a key does so in each security alternative.',
  'named-permission': '`insufficient-scope` holds the details against the operation and the key, where they are there.',
  'other-environment-answer': '`other-environment` judges the answer; its source is the promise that is documented.',
  'sandbox-mirrors-production':
    'It takes two runs, one on each environment; the command parity lists where they differ.',
  'address-lock-answer': '`address-lock` judges the answer; its source is the promise that is documented.',
  'key-revocable': 'Revoking is no operation of the API; `revoked-key` judges a key after it.',
  'scope-of-operation': '`insufficient-scope` and `sufficient-scope` judge it, at the level that each operation sets.',
  'rotation-several-keys': '`valid-key` and `sufficient-scope` use several keys of one account in the same run.',
  'rate-limited': 'Provoking a 429 uses the limit up for everyone else; one that comes is waited for, not judged.',
};
