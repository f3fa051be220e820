import type { Page } from '../../shell/page.ts';
import { t } from './text.ts';

/** What the streams, or a load, would cost on AWS. */
export const costPages: readonly Page[] = [
  {
    pattern: 'cost',
    title: () => t.title,
    navigation: 'server',
    goKey: 'o',
    load: async () => (await import('./cost-page.tsx')).CostPage,
  },
];
