import type { Page } from '../../shell/page.ts';
import { t } from './text.ts';

/** How the server does. */
export const serverPages: readonly Page[] = [
  {
    pattern: 'server',
    title: () => t.title,
    navigation: 'server',
    goKey: 'v',
    load: async () => (await import('./server-page.tsx')).ServerPage,
  },
];
