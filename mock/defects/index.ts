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

/** Every defect by its id. */
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

export function isDefectId(text: string): text is DefectId {
  return Object.hasOwn(defects, text);
}
