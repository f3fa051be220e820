import type { Page } from '../../shell/page.ts';
import { href } from '../../shell/router.ts';
import { t } from './text.ts';

/** Keys of KMS. */
export const keysPages: readonly Page[] = [
  {
    pattern: 'keys',
    title: () => t.title,
    navigation: 'access',
    goKey: 'k',
    load: async () => (await import('./views.ts')).KeysPage,
  },
  {
    pattern: 'keys/:key',
    title: ({ key }) => key!,
    crumbs: () => [{ title: t.title, address: href(['keys']) }],
    load: async () => (await import('./views.ts')).KeyPage,
  },
];
