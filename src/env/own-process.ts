/** This process, as an operator watches it. */
export interface OwnProcess {
  /**
   * How it does now. Its event loop and its garbage are watched from the first time on that it is asked,
   * until it is not asked any more for a while. Whoever looks has one of his own: times since the last look
   * are his.
   */
  figures(): Promise<ProcessFigures>;
}

export type ProcessFigures = {
  readonly nodeVersion: string;
  /** In seconds since 1970. */
  readonly startedAt: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapSizeBytes: number;
  /** What the heap of this thread may have before V8 ends the process. */
  readonly heapMaxBytes: number;
  /** Memory of V8's objects outside of its heap, that of buffers included. */
  readonly externalBytes: number;
  readonly buffersBytes: number;
  /** What the machine has, or what the process may have of it. */
  readonly machineBytes: number;
  /** Undefined where the system does not tell. */
  readonly openFiles: number | undefined;
  readonly openFilesMax: number | undefined;
  /** How long the event loop of this thread has had something to do. */
  readonly loopBusySeconds: number;
  /** In what share of the time, 0 to 1, since this was last asked; since the thread began the first time. */
  readonly loopBusyShare: number;
  /** How late it was, since the last time that this was asked; undefined the first time. */
  readonly loopDelay: LoopDelay | undefined;
  readonly collections: readonly Collections[];
};

export type LoopDelay = {
  readonly meanSeconds: number;
  readonly p50Seconds: number;
  readonly p90Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
};

/** Collections of garbage since they are watched. */
export type Collections = {
  readonly kind: 'minor' | 'major' | 'incremental' | 'weakcb';
  readonly count: number;
  readonly seconds: number;
};
