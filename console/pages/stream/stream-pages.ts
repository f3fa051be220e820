import type { Crumb, Page, Parameters } from '../../shell/page.ts';
import { href } from '../../shell/router.ts';
import { t } from './text.ts';

/** The first of a stream's pages; those of its records come between the two. */
export const streamPage: Page = {
  pattern: 'streams/:stream',
  title: ({ stream }) => stream!,
  crumbs: () => [streamsCrumb()],
  tab: { of: 'streams/:stream', label: () => t.overview },
  load: async () => (await import('./stream-page.tsx')).StreamPage,
};

export const streamSettingsPage: Page = {
  pattern: 'streams/:stream/settings',
  title: () => t.settings,
  crumbs: (parameters) => [streamsCrumb(), streamCrumb(parameters)],
  tab: { of: 'streams/:stream', label: () => t.settings },
  load: async () => (await import('./settings/settings-page.tsx')).SettingsPage,
};

function streamsCrumb(): Crumb {
  return { title: t.streams, address: href(['streams']) };
}

function streamCrumb({ stream }: Parameters): Crumb {
  return { title: stream!, address: href(['streams', stream!]) };
}
