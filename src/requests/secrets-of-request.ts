import type { PlannedRequest } from '../model/request.ts';
import { Secret, type Text } from '../secret.ts';

/** The keys that a request carries, wherever it carries them, as they are spelt there. */
export function speltSecretsOf(request: PlannedRequest): Secret[] {
  const secrets: Secret[] = [];
  const collect = (text: Text): void => {
    for (const part of text) if (part instanceof Secret) secrets.push(part);
  };
  collect(request.target);
  for (const [, value] of request.headers) collect(value);
  if (request.body) collect(request.body);
  return secrets;
}

/** The keys that a request carries, however they are spelt in it. */
export function secretsOf(request: PlannedRequest): Secret[] {
  return speltSecretsOf(request).map(({ plain }) => plain);
}
