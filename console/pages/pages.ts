import type { Page } from '../shell/page.ts';
import { accessPages } from './access/access-pages.ts';
import { auditPages } from './audit/audit-pages.ts';
import { costPages } from './cost/cost-pages.ts';
import { keysPages } from './keys/keys-pages.ts';
import { readersPages } from './readers/readers-pages.ts';
import { recordsPages } from './records/records-pages.ts';
import { serverPages } from './server/server-pages.ts';
import { streamPage, streamSettingsPage } from './stream/stream-pages.ts';
import { streamsPages } from './streams/streams-pages.ts';

/** All pages, in the order of the navigation and of tabs. The first is where `/console/` leads. */
export const pages: readonly Page[] = [
  // Data: streams and what is in them.
  ...streamsPages,
  streamPage,
  ...recordsPages,
  streamSettingsPage,
  // Readers: who reads them.
  ...readersPages,
  // Access: who may do what, and who did.
  ...accessPages,
  ...keysPages,
  ...auditPages,
  // Server: how it does, and what it would cost elsewhere.
  ...serverPages,
  ...costPages,
];
