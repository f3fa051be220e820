import type { Model, Moment, StreamModel } from './model.ts';

const hourMs = 3_600_000;

/**
 * What of a stream may be gone, and what must be: from the wall clock as it ran and jumped, and from the
 * retention that clients asked for.
 */
export class Expiry {
  readonly #model: Model;
  readonly #stream: StreamModel;
  /** By moment: what arrived by this time may be gone by then, for good. */
  readonly #horizons: Float64Array;

  constructor(model: Model, stream: StreamModel) {
    this.#model = model;
    this.#stream = stream;
    this.#horizons = new Float64Array(model.now + 1);
    let horizon = Number.NEGATIVE_INFINITY;
    for (let moment = stream.created ?? 1; moment <= model.now; moment++) {
      horizon = Math.max(horizon, model.wallAt(moment) - Math.min(...this.#retentions(moment)) * hourMs);
      this.#horizons[moment] = horizon;
    }
  }

  /** Whether what arrived then, or later, may be gone at a moment. */
  mayBeGone(arrival: number, moment: Moment): boolean {
    return arrival <= this.#horizons[moment]!;
  }

  /** Whether what arrived then had no right to be shown by an answer. */
  mustBeGone(arrival: number, sent: Moment, answered: Moment): boolean {
    const longest = Math.max(...this.#retentions(sent), ...this.#retentions(answered));
    return arrival < this.#model.earliestWall(sent, answered) - longest * hourMs;
  }

  /**
   * The hours that may have been in force somewhere at a moment, when the newest change may not have come to
   * pass, and not every server may know of those before it.
   */
  #retentions(moment: Moment): number[] {
    const hours: number[] = [];
    const writes = this.#stream.settings.get('retention')?.writes ?? [];
    let isNewest = true;
    for (let index = writes.length - 1; index >= 0; index--) {
      const { value, sent, answered, outcome } = writes[index]!;
      if (sent > moment || outcome === 'refused') continue;
      hours.push(Number(value));
      const isKnown = answered === undefined || this.#model.isKnownToAll(Math.min(answered, moment), moment);
      if (outcome === 'done' && !isNewest && isKnown) break;
      isNewest = false;
    }
    return hours.length === 0 ? [initialHours] : hours;
  }
}

/** Of a stream that no client changed. */
const initialHours = 24;
