import type { Page } from '../../shell/page.ts';
import { t } from './text.ts';

/** Who did what. */
export const auditPages: readonly Page[] = [
  {
    pattern: 'audit',
    title: () => t.title,
    navigation: 'access',
    goKey: 'a',
    load: async () => (await import('./audit-page.tsx')).AuditPage,
  },
];
