import { delivery } from './variants/delivery.ts';
import { reading } from './variants/reading.ts';
import { refusals } from './variants/refusals.ts';
import type { Variant } from './variants/variant.ts';

const byId = { ...delivery, ...refusals, ...reading };

export type VariantId = keyof typeof byId;

/** Servers that are sound but unusual: nothing that a contract documents forbids any of it. */
export const variants: Readonly<Record<VariantId, Variant>> = byId;

export const variantIds = Object.keys(variants) as VariantId[];

export function isVariantId(text: string): text is VariantId {
  return Object.hasOwn(variants, text);
}
