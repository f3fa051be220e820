import { availableParallelism, cpus } from 'node:os';
import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import type { Look, Pressure } from './pressure.ts';

/** The pressure on the thread that makes it, and on this machine. */
export class NodePressure implements Pressure {
  #loop: EventLoopUtilization = performance.eventLoopUtilization();
  #at = performance.now();
  #idleMs = idleMsOfCores();
  #used = process.cpuUsage();

  look(): Look {
    const loop = performance.eventLoopUtilization();
    const [at, idleMs, used] = [performance.now(), idleMsOfCores(), process.cpuUsage()];
    const elapsedMs = Math.max(at - this.#at, 1);
    const usedMs = (used.user + used.system - this.#used.user - this.#used.system) / 1000;
    // A container may have less than its machine: what is idle there is not all for this process.
    const left = availableParallelism() - usedMs / elapsedMs;
    const look = {
      busy: performance.eventLoopUtilization(loop, this.#loop).utilization,
      idleCores: Math.max(0, Math.min((idleMs - this.#idleMs) / elapsedMs, left)),
    };
    this.#loop = loop;
    this.#at = at;
    this.#idleMs = idleMs;
    this.#used = used;
    return look;
  }
}

/** Of all cores together, since the machine started. */
function idleMsOfCores(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
