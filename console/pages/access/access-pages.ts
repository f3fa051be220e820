import type { Page } from '../../shell/page.ts';
import { t } from './text.ts';

/** Users and what they may do. */
export const accessPages: readonly Page[] = [
  {
    pattern: 'access/users',
    title: () => t.users,
    navigation: 'access',
    goKey: 'u',
    load: async () => (await import('./users-page.tsx')).UsersPage,
  },
];
