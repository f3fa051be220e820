import type { Page } from '../../shell/page.ts';
import { callerName } from './caller-name.ts';
import { addressOf } from './reader-address.ts';
import { t } from './text.ts';

/** Who reads streams, who feeds whom, and one reader. */
export const readersPages: readonly Page[] = [
  {
    pattern: 'readers',
    title: () => t.title,
    navigation: 'readers',
    goKey: 'c',
    tab: { of: 'readers', label: () => t.list },
    load: async () => (await import('./readers-page.tsx')).ReadersPage,
  },
  {
    pattern: 'readers/topology',
    title: () => t.topology,
    crumbs: () => [{ title: t.title, address: addressOf() }],
    tab: { of: 'readers', label: () => t.topology },
    load: async () => (await import('./topology-page.tsx')).TopologyPage,
  },
  {
    pattern: 'readers/:kind/:stream/:name',
    title: ({ name }) => callerName(name!),
    crumbs: () => [{ title: t.title, address: addressOf() }],
    load: async () => (await import('./reader-page.tsx')).ReaderPage,
  },
];
