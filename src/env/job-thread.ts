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
