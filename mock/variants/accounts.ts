import { accountsOf } from '../server/accounts.ts';
import type { VariantGroup } from './variant.ts';

/** Whose the resources are. */
export const accounts = {
  'two-accounts': {
    title: 'there are two accounts, and each sees its own',
    patch: accountsOf('resources'),
  },
  'accounts-that-share': {
    title: 'there are two accounts that share everything, and the lists of both show it',
    patch: accountsOf('nothing'),
  },
} as const satisfies VariantGroup;
