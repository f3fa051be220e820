import { totalmem } from 'node:os';
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { LoopUse, MemoryUse, Vitals } from './vitals.ts';

/** Those of the process and of the thread that makes it. */
export class NodeVitals implements Vitals {
  readonly engineVersion = process.version;
  #loop: EventLoopUtilization | undefined;
  /** Undefined while nobody looks: it wakes the thread many times a second. */
  #pauses: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #forgets: NodeJS.Timeout | undefined;

  memory(): MemoryUse {
    const { rss, heapUsed, external } = process.memoryUsage();
    const { heap_size_limit: heapMaxBytes } = getHeapStatistics();
    const constrained = process.constrainedMemory();
    // Without a limit it answers 0, or more than there is.
    const machineBytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
    return {
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      heapMaxBytes,
      // ArrayBuffers are part of it.
      buffersBytes: external,
      machineBytes,
    };
  }

  loop(): LoopUse {
    const before = this.#loop;
    this.#loop = performance.eventLoopUtilization();
    const { utilization } =
      before === undefined ? this.#loop : performance.eventLoopUtilization(this.#loop, before);
    return { busy: utilization, pauseMs: this.#longestPause() };
  }

  #longestPause(): number | undefined {
    clearTimeout(this.#forgets);
    this.#forgets = setTimeout(() => this.#forget(), watchedMs).unref();
    if (this.#pauses === undefined) {
      this.#pauses = monitorEventLoopDelay({ resolution: resolutionMs });
      this.#pauses.enable();
      return undefined;
    }
    const { max, count } = this.#pauses;
    this.#pauses.reset();
    // It measures how far its own ticks are apart.
    return count === 0 ? undefined : Math.max(0, max / 1e6 - resolutionMs);
  }

  #forget(): void {
    this.#pauses?.disable();
    this.#pauses = undefined;
  }
}

/** Between two ticks of what watches. */
const resolutionMs = 20;

/** Nobody has asked for so long: nobody looks any more. */
const watchedMs = 60_000;
