import { extname } from 'node:path';
import { type JobPorts, serveJobs } from '../../env/job-thread.ts';
import type { WorkerProgram } from '../../env/workers.ts';
import { type BodyAnswer, type BodyJob, workOn } from '../../rpc/large-body.ts';
import { readableServices } from '../services.ts';

/** A thread that hashes and reads large bodies. */
export const bodyProgram: WorkerProgram<undefined, JobPorts<BodyJob, BodyAnswer>> = {
  name: 'bodies',
  // As this file: in the sources TypeScript, in the package JavaScript.
  module: new URL(`./body-thread-entry${extname(import.meta.filename)}`, import.meta.url),
  // A text of 15 MiB may be there three times, in two bytes a character. With more room, V8 would let the
  // texts of ten bodies lie before it collects.
  heapMiBMax: { old: 128, young: 16 },
  run: (_, ports) => serveJobs(ports, (job) => workOn(job, readableServices)),
};
