import { extname } from 'node:path';
import type { Clock } from '../../env/clock.ts';
import { startNodeHelper } from '../../env/node-helper.ts';
import { BodyHelper } from '../../rpc/body-helper.ts';

/** A helper in a thread of this machine. */
export function nodeBodyHelper(clock: Clock): BodyHelper {
  // As this file: in the sources TypeScript, in the package JavaScript.
  const entry = new URL(`./body-helper-thread${extname(import.meta.filename)}`, import.meta.url);
  return new BodyHelper((events) => startNodeHelper(entry, events), clock);
}
