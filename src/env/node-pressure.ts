import { availableParallelism, cpus } from 'node:os';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Pressure } from './pressure.ts';

/** The pressure on the thread that makes it, and on this machine. */
export class NodePressure implements Pressure {
  #loop: EventLoopUtilization = performance.eventLoopUtilization();
  /** Undefined until it is asked for: reading it has no place in a start. */
  #cores: Reading | undefined;

  busy(): number {
    const before = this.#loop;
    this.#loop = performance.eventLoopUtilization();
    return performance.eventLoopUtilization(this.#loop, before).utilization;
  }

  idleCores(): number {
    const before = this.#cores;
    const now = readCores();
    this.#cores = now;
    if (before === undefined) return 0;
    const elapsedMs = Math.max(now.atMs - before.atMs, 1);
    // A container may have less than its machine: what is idle there is not all for this process.
    const left = availableParallelism() - (now.usedMs - before.usedMs) / elapsedMs;
    return Math.max(0, Math.min((now.idleMs - before.idleMs) / elapsedMs, left));
  }

  heapBytesMax(): number {
    const { heap_size_limit: limit } = getHeapStatistics();
    return Math.max(limit - youngBytes, limit / 4);
  }
}

/**
 * What V8 counts to the limit for objects that just came: three times 32 MiB (Node 26). What stays has the
 * rest.
 */
const youngBytes = 3 * 32 * 1024 ** 2;

/** Sums in milliseconds: of all cores since the machine started, and of this process. */
type Reading = { readonly atMs: number; readonly idleMs: number; readonly usedMs: number };

function readCores(): Reading {
  const { user, system } = process.cpuUsage();
  const idleMs = cpus().reduce((sum, { times }) => sum + times.idle, 0);
  return { atMs: performance.now(), idleMs, usedMs: (user + system) / 1000 };
}
