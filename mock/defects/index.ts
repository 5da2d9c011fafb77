import { addresses } from './addresses.ts';
import { answers } from './answers.ts';
import { browsers } from './browsers.ts';
import { caching } from './caching.ts';
import { connections } from './connections.ts';
import { credentials } from './credentials.ts';
import { environments } from './environments.ts';
import { errors } from './errors.ts';
import { gateway } from './gateway.ts';
import { givingRefusals } from './giving-refusals.ts';
import { hiding } from './hiding.ts';
import { http2 } from './http2.ts';
import { https } from './https.ts';
import { keysByAccident } from './keys-by-accident.ts';
import { lenience } from './lenience.ts';
import { lifecycle } from './lifecycle.ts';
import { limits } from './limits.ts';
import { memory } from './memory.ts';
import { methods } from './methods.ts';
import { oddKeys } from './odd-keys.ts';
import { permissions } from './permissions.ts';
import { presentation } from './presentation.ts';
import { rewriting } from './rewriting.ts';
import { routing } from './routing.ts';
import { severalCredentials } from './several-credentials.ts';
import { severalSchemes } from './several-schemes.ts';
import { spellings } from './spellings.ts';
import { transport } from './transport.ts';
import { uniformity } from './uniformity.ts';
import { upgrades } from './upgrades.ts';
import type { Defect } from './defect.ts';

/** The defects of a server whose keys stay as they are, by their ids: each shows in one run of the catalogue. */
export const defects = {
  ...credentials,
  ...oddKeys,
  ...keysByAccident,
  ...transport,
  ...presentation,
  ...severalCredentials,
  ...lenience,
  ...connections,
  ...memory,
  ...environments,
  ...https,
  ...addresses,
  ...permissions,
  ...routing,
  ...hiding,
  ...spellings,
  ...rewriting,
  ...gateway,
  ...methods,
  ...upgrades,
  ...http2,
  ...answers,
  ...errors,
  ...givingRefusals,
  ...uniformity,
  ...limits,
  ...caching,
  ...browsers,
  ...severalSchemes,
} satisfies Readonly<Record<string, Defect>>;

export type DefectId = keyof typeof defects;

export const defectIds = Object.keys(defects) as DefectId[];

/**
 * The defects of keys that change. They are a list of their own because no case of the catalogue shows them, and time has to
 * go by until they show: what iterates the list above judges each of its defects with that catalogue alone.
 */
export const lifecycleDefects = lifecycle;

export type LifecycleDefectId = keyof typeof lifecycleDefects;

export const lifecycleDefectIds = Object.keys(lifecycleDefects) as LifecycleDefectId[];

/** What a mock can be started with. */
export const allDefects: Readonly<Record<DefectId | LifecycleDefectId, Defect>> = { ...defects, ...lifecycleDefects };

export type AnyDefectId = keyof typeof allDefects;

export const allDefectIds = Object.keys(allDefects) as AnyDefectId[];

export function isDefectId(text: string): text is AnyDefectId {
  return Object.hasOwn(allDefects, text);
}
