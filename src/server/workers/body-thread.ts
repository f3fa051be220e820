import { extname } from 'node:path';
import type { Clock } from '../../env/clock.ts';
import { startNodeJobThread } from '../../env/node-job-thread.ts';
import { BodyThread } from '../../rpc/body-thread.ts';

/** A thread of this machine. */
export function nodeBodyThread(clock: Clock): BodyThread {
  // As this file: in the sources TypeScript, in the package JavaScript.
  const entry = new URL(`./body-thread-entry${extname(import.meta.filename)}`, import.meta.url);
  return new BodyThread((events) => startNodeJobThread(entry, events), clock);
}
