import { addresses } from './addresses.ts';
import { answers } from './answers.ts';
import { credentials } from './credentials.ts';
import { environments } from './environments.ts';
import { permissions } from './permissions.ts';
import { transport } from './transport.ts';
import type { Defect } from './defect.ts';

/** Every defect by its id, so that a table over them is incomplete in the eyes of the compiler until it has them all. */
export const defects = {
  ...credentials,
  ...transport,
  ...environments,
  ...addresses,
  ...permissions,
  ...answers,
} satisfies Readonly<Record<string, Defect>>;

export type DefectId = keyof typeof defects;

export const defectIds = Object.keys(defects) as DefectId[];

export function isDefectId(text: string): text is DefectId {
  return Object.hasOwn(defects, text);
}
