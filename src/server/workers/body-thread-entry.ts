import { enableCompileCache } from 'node:module';
import { type JobPorts, serveJobs } from '../../env/job-thread.ts';
import { givenToWorker } from '../../env/node-workers.ts';
import type { BodyAnswer, BodyJob } from '../../rpc/large-body.ts';

// Loads what the main thread has compiled.
enableCompileCache();
const { readableServices } = await import('../services.ts');
const { workOn } = await import('../../rpc/large-body.ts');
const { ports } = givenToWorker<undefined, JobPorts<BodyJob, BodyAnswer>>();
await serveJobs(ports, (job) => workOn(job, readableServices));
