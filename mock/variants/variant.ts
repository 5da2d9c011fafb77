import type { Patch } from '../types/behaviour.ts';

/** One thing that a server may do though few do it. */
export interface Variant {
  /** What the server does, in the present tense. */
  readonly title: string;
  readonly patch: Patch;
}

export type VariantGroup = Readonly<Record<string, Variant>>;
