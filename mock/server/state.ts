import { readApi } from '../document/api.ts';
import { DocumentValidator } from '../document/schema-validator.ts';
import type { ApiServices } from '../types/state.ts';
import { Bodies } from './response-bodies.ts';
import { Router } from './router.ts';

const made = new WeakMap<object, Map<string, ApiServices>>();

/** What follows from a document alone. It is made once for a process, because that takes longer than starting a mock. */
export function servicesOf(document: object, name: string): ApiServices {
  const byName = made.get(document) ?? new Map<string, ApiServices>();
  made.set(document, byName);
  const known = byName.get(name);
  if (known) return known;
  const api = readApi(document, name);
  const validator = new DocumentValidator(api.document);
  const services = { api, validator, router: new Router(api.operations), bodies: new Bodies(api, validator) };
  byName.set(name, services);
  return services;
}
