import { extname } from 'node:path';
import type { BodyProgram } from '../../rpc/body-thread.ts';

/** A thread that hashes and reads large bodies. */
export const bodyProgram: BodyProgram = {
  name: 'bodies',
  // As this file: in the sources TypeScript, in the package JavaScript.
  module: new URL(`./body-thread-entry${extname(import.meta.filename)}`, import.meta.url),
  // A text of 16 MiB may be there three times, in two bytes a character. With more room, V8 would let the
  // texts of ten bodies lie before it collects.
  heapMiBMax: { old: 128, young: 16 },
  // Only there may the operations of any service be needed.
  run: async (_, ports) => (await import('./body-server.ts')).serveBodies(ports),
};
