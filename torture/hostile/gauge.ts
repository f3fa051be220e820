import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Target } from './target.ts';

/** What Linux tells of a process: proc_pid_status(5), proc_pid_fd(5). Undefined when it is gone. */

export function residentBytes(pid: number): number | undefined {
  return statusOf(pid, 'VmRSS');
}

/** The most that was resident since the process began, or since `forgetPeak`. */
function peakBytes(pid: number): number | undefined {
  return statusOf(pid, 'VmHWM');
}

/** The peak begins anew: proc_pid_clear_refs(5). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

export function openDescriptors(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined; // Its end is reported elsewhere.
  }
}

function statusOf(pid: number, name: string): number | undefined {
  try {
    const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line === null ? undefined : Number(line[1]) * 1024;
  } catch {
    return undefined; // As above.
  }
}

/**
 * The most that was resident above rest and what was signed for, and what was done when that was seen first.
 */
export type Excess = { readonly bytes: number; readonly doing: string };

/** How much more than at rest a process may hold: it may hold what it was given with a signature. */
export class MemoryGauge {
  readonly #pid: number;
  readonly #restBytes: number;
  readonly #maxBytes: number;
  #signedBytes = 0;
  #hasExceeded = false;
  excess: Excess | undefined;

  constructor({ pid, restBytes, scale }: Pick<Target, 'pid' | 'restBytes' | 'scale'>) {
    this.#pid = pid;
    this.#restBytes = restBytes;
    this.#maxBytes = maxBytes[scale];
  }

  /**
   * So many bytes at once were signed for: bodies sent, and answers asked for. No more count than all
   * requests may hold.
   */
  allow(bytes: number): void {
    this.#signedBytes = Math.max(this.#signedBytes, Math.min(bytes, budgetBytes));
  }

  /** A broken promise when there was too much since the last look; it is told once. */
  look(doing: string): string[] {
    const peak = peakBytes(this.#pid);
    if (peak === undefined) return [];
    const above = peak - this.#restBytes;
    const bytes = above - this.#signedBytes;
    if (this.excess === undefined || bytes > this.excess.bytes) this.excess = { bytes, doing };
    if (above <= this.#maxBytes + this.#signedBytes || this.#hasExceeded) return [];
    this.#hasExceeded = true;
    const signed = `${megabytes(this.#signedBytes)} MB of it signed for`;
    return [`memory: ${megabytes(above)} MB above rest, ${signed}, by the end of ${doing}`];
  }
}

/**
 * Above rest, for connections and whatever strangers send. In a slice there is no core to spare for
 * collecting in time.
 */
const maxBytes = { brief: 192 * 1024 * 1024, full: 128 * 1024 * 1024 } as const;
/** What all requests together may hold: docs/operating.md. */
const budgetBytes = 256 * 1024 * 1024;

export function megabytes(bytes: number): number {
  return Math.round(bytes / (1024 * 1024));
}
