import { machineCpuSeconds, treeCpuSeconds } from './process-tree.ts';

/** Measures a stretch of time: its length, and which processes used the processors in it. */
export class Stopwatch {
  readonly #serverPid: number;
  readonly #start: Reading;

  constructor(serverPid: number) {
    this.#serverPid = serverPid;
    this.#start = read(serverPid);
  }

  stop(): { seconds: number; cpuSeconds: number; foreignShare: number } {
    const end = read(this.#serverPid);
    const cpuSeconds = end.server - this.#start.server;
    const ours = cpuSeconds + end.generator - this.#start.generator;
    const foreign = end.machine.busy - this.#start.machine.busy - ours;
    const total = end.machine.total - this.#start.machine.total;
    // Rounding to ticks may make the difference negative.
    const foreignShare = total === 0 ? 0 : Math.max(0, foreign / total);
    return { seconds: (end.timeMs - this.#start.timeMs) / 1000, cpuSeconds, foreignShare };
  }
}

type Reading = ReturnType<typeof read>;

function read(serverPid: number) {
  const { user, system } = process.cpuUsage();
  return {
    timeMs: performance.now(),
    server: treeCpuSeconds(serverPid),
    generator: (user + system) / 1_000_000,
    machine: machineCpuSeconds(),
  };
}
