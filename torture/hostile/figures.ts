import type { Latency } from '../../harness/statistics.ts';
import type { Round } from '../fault.ts';
import { type Excess, megabytes } from './gauge.ts';
import type { ShiftOutcome } from './shift.ts';

/**
 * What was measured over all shifts. How long things took is judged only where the machine has nothing else
 * to do.
 */
export class Figures {
  readonly #isTimed: boolean;
  #excess: Excess | undefined;
  readonly #worst: Record<'put' | 'health', Latency> = { put: none, health: none };

  constructor(isTimed: boolean) {
    this.#isTimed = isTimed;
  }

  /** A round of a shift and of what was missed after it. */
  round({ ledger, violations, excess }: ShiftOutcome, missed: readonly string[]): Round {
    const { latencies } = ledger;
    const slow: string[] = [];
    for (const kind of ['put', 'health'] as const) {
      const { p99Ms, maxMs } = latencies[kind];
      if (this.#isTimed && (p99Ms > p99MsMax || maxMs > worstMsMax))
        slow.push(`slow: ${names[kind]}: ${told(latencies[kind])}`);
      this.#worst[kind] = worse(this.#worst[kind], latencies[kind]);
    }
    if (excess !== undefined && excess.bytes > (this.#excess?.bytes ?? -Infinity)) this.#excess = excess;
    return {
      acknowledged: ledger.acknowledged,
      violations: [...violations, ...ledger.violations, ...slow, ...missed],
      figures: String(this),
    };
  }

  toString(): string {
    const { put, health } = this.#worst;
    const memory =
      this.#excess === undefined
        ? 'memory not known'
        : `memory at most ${megabytes(this.#excess.bytes)} MB above rest and what was signed for, by the end of ${this.#excess.doing}`;
    return `${names.put} ${told(put)}; ${names.health} ${told(health)}; ${memory}`;
  }
}

const names = { put: 'a put of one record', health: '/health' } as const;
const none: Latency = { p50Ms: 0, p99Ms: 0, maxMs: 0 };

/** Under attack, on two cores that do nothing else. */
const p99MsMax = 100;
const worstMsMax = 400;

function worse(one: Latency, other: Latency): Latency {
  const most = (name: keyof Latency) => Math.max(one[name], other[name]);
  return { p50Ms: most('p50Ms'), p99Ms: most('p99Ms'), maxMs: most('maxMs') };
}

function told({ p50Ms, p99Ms, maxMs }: Latency): string {
  return `p50 ${p50Ms.toFixed(1)}, p99 ${p99Ms.toFixed(1)}, worst ${maxMs.toFixed(1)} ms`;
}
