import { enableCompileCache } from 'node:module';
import { serveJobs } from '../../env/node-job-thread.ts';
import type { BodyJob } from '../../rpc/large-body.ts';

// What the main thread compiled.
enableCompileCache();
const { operations } = await import('../../services/kinesis/operations.ts');
const { workOn } = await import('../../rpc/large-body.ts');
serveJobs((job: BodyJob) => workOn(job, operations));
