import { detached, unthinkable } from './detached.ts';
import type { Port, WorkerProgram, Workers } from './workers.ts';

/**
 * A thread that works for another one. Jobs and answers are plain data and bytes; memory that is handed over
 * is the receiver's, and every view of it here is empty from then on.
 */
export interface JobThread<Job> {
  /** It answers all jobs, in their order. */
  post(job: Job, handedOver: ArrayBuffer[]): void;
  /** Ends the thread, whatever it does. */
  end(): Promise<void>;
}

/** What is heard of a thread. */
export type JobThreadEvents<Answer> = {
  answered(answer: Answer): void;
  /** The thread has ended: by `end`, or by an error. */
  ended(error: Error | undefined): void;
};

/** Starts a thread. */
export type StartJobThread<Job, Answer> = (events: JobThreadEvents<Answer>) => JobThread<Job>;

/** An answer, and the memory that goes with it. */
export type Worked<Answer> = { readonly answer: Answer; readonly handedOver: ArrayBuffer[] };

/** What a thread that answers jobs is given. */
export type JobPorts<Job, Answer> = { readonly jobs: Port<Answer, Job> };

/** Has workers start threads with a program that calls `serveJobs`. */
export function jobThreads<Job, Answer>(
  workers: Workers,
  program: WorkerProgram<undefined, JobPorts<Job, Answer>>,
): StartJobThread<Job, Answer> {
  return ({ answered, ended }) => {
    const [port, jobs] = workers.channel<Job, Answer>();
    const worker = workers.start(program, undefined, { jobs });
    port.listen(answered);
    detached(worker.ended.then(ended), unthinkable);
    return { post: (job, handedOver) => port.post(job, handedOver), end: () => worker.terminate() };
  };
}

/** In the thread itself: answers each job, in their order. What `work` throws ends the thread. */
export function serveJobs<Job, Answer>(
  { jobs }: JobPorts<Job, Answer>,
  work: (job: Job) => Worked<Answer>,
): Promise<void> {
  return new Promise((resolve) => {
    jobs.listen((job) => {
      const { answer, handedOver } = work(job);
      jobs.post(answer, handedOver);
    }, resolve);
  });
}
