import { enableCompileCache } from 'node:module';
import { serveJobs } from '../../env/node-job-thread.ts';
import type { BodyJob } from '../../rpc/large-body.ts';

// What the main thread compiled.
enableCompileCache();
const { readableServices } = await import('../services.ts');
const { workOn } = await import('../../rpc/large-body.ts');
serveJobs((job: BodyJob) => workOn(job, readableServices));
