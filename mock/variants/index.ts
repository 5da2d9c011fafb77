import { accounts } from './accounts.ts';
import { delivery } from './delivery.ts';
import { edges } from './edges.ts';
import { http2 } from './http2.ts';
import { keys } from './keys.ts';
import { lifecycle } from './lifecycle.ts';
import { memory } from './memory.ts';
import { nearWaysIn } from './near-ways-in.ts';
import { reading } from './reading.ts';
import { refusals } from './refusals.ts';
import { resources } from './resources.ts';
import { upgrades } from './upgrades.ts';
import type { Variant } from './variant.ts';

const byId = {
  ...delivery,
  ...refusals,
  ...reading,
  ...keys,
  ...accounts,
  ...memory,
  ...edges,
  ...nearWaysIn,
  ...resources,
  ...upgrades,
  ...http2,
};

export type VariantId = keyof typeof byId;

export const variantIds = Object.keys(byId) as VariantId[];

/** Those whose keys change in an unusual way: a list of their own, as for the defects. */
export type LifecycleVariantId = keyof typeof lifecycle;

export const lifecycleVariantIds = Object.keys(lifecycle) as LifecycleVariantId[];

export type AnyVariantId = VariantId | LifecycleVariantId;

export const allVariantIds: readonly AnyVariantId[] = [...variantIds, ...lifecycleVariantIds];

/** Servers that are sound but unusual: the document forbids nothing of it. */
export const variants: Readonly<Record<AnyVariantId, Variant>> = { ...byId, ...lifecycle };

export function isVariantId(text: string): text is AnyVariantId {
  return Object.hasOwn(variants, text);
}
