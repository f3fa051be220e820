import { extname } from 'node:path';
import type { ViewerProgram } from './viewer-messages.ts';

/** A thread that decodes, filters and computes what people have typed. */
export const viewerProgram: ViewerProgram = {
  name: 'views',
  // As this file: in the sources TypeScript, in the package JavaScript.
  module: new URL(`./viewer-thread-entry${extname(import.meta.filename)}`, import.meta.url),
  // What is typed may fill any heap, also with one text: then it ends this process, and no other.
  isApart: true,
  heapMiBMax: { old: 256, young: 32 },
  run: async (_, ports, env) => (await import('./serve-viewer.ts')).serveViewer(ports, env.clock),
};
