import type { Page } from '../../shell/page.ts';
import { t } from './text.ts';

export const streamsPages: readonly Page[] = [
  {
    pattern: 'streams',
    title: () => t.title,
    navigation: 'data',
    goKey: 's',
    load: async () => (await import('./streams-page.tsx')).StreamsPage,
  },
];
