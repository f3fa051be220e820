import { parentPort, Worker } from 'node:worker_threads';
import type { JobThread, JobThreadEvents, Worked } from './job-thread.ts';

/** Starts a thread with the module that calls `serveJobs`. */
export function startNodeJobThread<Job, Answer>(
  entry: URL,
  { answered, ended }: JobThreadEvents<Answer>,
): JobThread<Job> {
  const thread = new Worker(entry, { name: 'bodies', resourceLimits });
  let failure: Error | undefined;
  thread.on('message', answered);
  thread.on('error', (error: Error) => {
    failure = error;
  });
  thread.once('exit', () => ended(failure));
  return {
    post: (job, handedOver) => thread.postMessage(job, handedOver),
    async end() {
      await thread.terminate();
    },
  };
}

/**
 * A text of 15 MiB may be there three times, in two bytes a character. With more room, V8 would let the texts
 * of ten bodies lie before it collects.
 */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/** In the thread itself: answers each job, in their order. What `work` throws ends the thread. */
export function serveJobs<Job, Answer>(work: (job: Job) => Worked<Answer>): void {
  parentPort!.on('message', (job: Job) => {
    const { answer, handedOver } = work(job);
    parentPort!.postMessage(answer, handedOver);
  });
}
