import { extname } from 'node:path';
import type { BodyPorts, BodyProgram } from '../../rpc/body-thread.ts';
import { workOn } from '../../rpc/large-body.ts';
import { readableServices } from '../served.ts';

/** A thread that hashes and reads large bodies. */
export const bodyProgram: BodyProgram = {
  name: 'bodies',
  // As this file: in the sources TypeScript, in the package JavaScript.
  module: new URL(`./body-thread-entry${extname(import.meta.filename)}`, import.meta.url),
  // A text of 15 MiB may be there three times, in two bytes a character. With more room, V8 would let the
  // texts of ten bodies lie before it collects.
  heapMiBMax: { old: 128, young: 16 },
  run: (_, ports) => serveBodies(ports),
};

/** Answers each job, in their order, until the other end closes. An error ends the thread. */
export function serveBodies({ jobs }: BodyPorts): Promise<void> {
  return new Promise((resolve) => {
    jobs.listen((job) => {
      const { answer, handedOver } = workOn(job, readableServices);
      jobs.post(answer, handedOver);
    }, resolve);
  });
}
