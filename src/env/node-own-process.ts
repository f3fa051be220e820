import { readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import {
  constants,
  type EventLoopUtilization,
  monitorEventLoopDelay,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { openFilesLimit } from './node-open-files.ts';
import type { Collections, LoopDelay, OwnProcess, ProcessFigures } from './own-process.ts';

/** The process of the thread that makes it. */
export class NodeOwnProcess implements OwnProcess {
  readonly #filesMax = openFilesLimit();
  readonly #collections = new Map<Collections['kind'], { count: number; seconds: number }>();
  #watch: Watch | undefined;
  #loop: EventLoopUtilization | undefined;
  #asked: NodeJS.Timeout | undefined;

  async figures(): Promise<ProcessFigures> {
    const loopDelay = this.#watch && delayOf(this.#watch.delay);
    this.#keepWatching();
    const { user, system } = process.cpuUsage();
    const memory = process.memoryUsage();
    return {
      nodeVersion: process.versions.node,
      startedAt: performance.timeOrigin / 1e3,
      userSeconds: user / 1e6,
      systemSeconds: system / 1e6,
      residentBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
      heapSizeBytes: memory.heapTotal,
      heapMaxBytes: getHeapStatistics().heap_size_limit,
      externalBytes: memory.external,
      buffersBytes: memory.arrayBuffers,
      machineBytes: machineBytes(),
      openFiles: await openFiles(),
      openFilesMax: this.#filesMax,
      ...this.#busy(),
      loopDelay,
      collections: Array.from(this.#collections, ([kind, counts]) => ({ kind, ...counts })),
    };
  }

  #busy(): Pick<ProcessFigures, 'loopBusySeconds' | 'loopBusyShare'> {
    const before = this.#loop;
    const now = performance.eventLoopUtilization();
    this.#loop = now;
    const since = before === undefined ? now : performance.eventLoopUtilization(now, before);
    return { loopBusySeconds: now.active / 1e3, loopBusyShare: since.utilization };
  }

  #keepWatching(): void {
    clearTimeout(this.#asked);
    this.#watch ??= this.#begin();
    this.#watch.delay.reset();
    this.#asked = setTimeout(() => this.#stop(), watchedMs).unref();
  }

  #begin(): Watch {
    const delay = monitorEventLoopDelay({ resolution: resolutionMs });
    delay.enable();
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) this.#count(kindOf(entry), entry.duration);
    });
    observer.observe({ entryTypes: ['gc'] });
    return { delay, observer };
  }

  #count(kind: Collections['kind'], ms: number): void {
    const { count, seconds } = this.#collections.get(kind) ?? { count: 0, seconds: 0 };
    this.#collections.set(kind, { count: count + 1, seconds: seconds + ms / 1e3 });
  }

  #stop(): void {
    this.#watch?.delay.disable();
    this.#watch?.observer.disconnect();
    this.#watch = undefined;
  }
}

type IntervalHistogram = ReturnType<typeof monitorEventLoopDelay>;

type Watch = { readonly delay: IntervalHistogram; readonly observer: PerformanceObserver };

/** How often the event loop is to come by. */
const resolutionMs = 20;

/** Longer than anybody waits between two looks. */
const watchedMs = 300_000;

/** Without a limit of the process's own it is said to be 0, or more than there is. */
function machineBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** What is measured is the time between two times that it came by, in nanoseconds. */
function delayOf(delay: IntervalHistogram): LoopDelay {
  const late = (nanoseconds: number) => Math.max(nanoseconds / 1e9 - resolutionMs / 1e3, 0) || 0;
  return {
    meanSeconds: late(delay.mean),
    p50Seconds: late(delay.percentile(50)),
    p90Seconds: late(delay.percentile(90)),
    p99Seconds: late(delay.percentile(99)),
    maxSeconds: late(delay.max),
  };
}

/** Entries of kind `gc` say it in their `detail` (nodejs.org/api/perf_hooks.html). */
function kindOf(entry: object): Collections['kind'] {
  const { kind } = (entry as { readonly detail: { readonly kind?: number } }).detail;
  if (kind === constants.NODE_PERFORMANCE_GC_MINOR) return 'minor';
  if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) return 'major';
  return kind === constants.NODE_PERFORMANCE_GC_INCREMENTAL ? 'incremental' : 'weakcb';
}

async function openFiles(): Promise<number | undefined> {
  try {
    // One of them reads the directory.
    return (await readdir('/proc/self/fd')).length - 1;
  } catch {
    return undefined; // There need not be a /proc.
  }
}
