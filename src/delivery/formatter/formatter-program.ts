import { extname } from 'node:path';
import type { FormatterProgram } from './formatter-messages.ts';

/** A thread that makes objects of records. */
export const formatterProgram: FormatterProgram = {
  name: 'deliveries',
  // As this file: in the sources TypeScript, in the package JavaScript.
  module: new URL(`./formatter-thread-entry${extname(import.meta.filename)}`, import.meta.url),
  // Only there are the stages and forms of objects needed.
  run: async (_, ports, env) => (await import('./serve-formatter.ts')).serveFormatter(ports, env),
};
