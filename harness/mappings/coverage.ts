import type { Expiry } from '../expiry.ts';
import type { Attempt, Model, Moment, Outcome, StreamModel } from '../model.ts';
import type { MappingModel } from './mapping-model.ts';
import { letsIn } from './mapping-settings.ts';

/** A record that a mapping owes its function. */
export type Owed = Attempt & { readonly outcome: Extract<Outcome, { kind: 'acknowledged' }> };

/** Which records a mapping owes its function, and when each was done. */
export class Coverage {
  readonly #model: Model;
  readonly #mapping: MappingModel;
  readonly #expiryOf: (stream: StreamModel) => Expiry;
  /** The first answer that may have done a record, by its id. */
  readonly #done = new Map<string, Moment>();
  readonly #givenUp: ReadonlySet<string>;
  readonly #mayBeGivenUp = new Set<string>();

  constructor(model: Model, mapping: MappingModel, expiryOf: (stream: StreamModel) => Expiry) {
    this.#model = model;
    this.#mapping = mapping;
    this.#expiryOf = expiryOf;
    this.#givenUp = new Set((mapping.givenUp ?? []).map(({ id }) => id));
    const isUnknown = mapping.givenUp === undefined && mayGiveUp(mapping);
    for (const { deliveries, answer } of mapping.invocations) {
      if (isUnknown) for (const { id } of deliveries.slice(answer?.done ?? 0)) this.#mayBeGivenUp.add(id);
      for (const { id } of deliveries.slice(0, answer?.done ?? 0))
        if (!this.#done.has(id)) this.#done.set(id, answer!.sent);
    }
  }

  /** Whether a record was done by then, or given up at any time. */
  isSettled(id: string, by: Moment = Number.POSITIVE_INFINITY): boolean {
    const done = this.#done.get(id);
    return (done !== undefined && done <= by) || this.isGivenUp(id);
  }

  /** Also where nobody could look any more, and it may have been. */
  isGivenUp(id: string): boolean {
    return this.#givenUp.has(id) || this.#mayBeGivenUp.has(id);
  }

  /** What it owes of a stream, which may be one that was made anew under the name; by shards, in order. */
  owedOf(stream: StreamModel): Map<string, Owed[]> {
    const owed = [...this.#model.attempts.values()].filter(
      (attempt): attempt is Owed => attempt.stream === stream && this.#isOwed(attempt),
    );
    owed.sort((one, other) => (one.outcome.number < other.outcome.number ? -1 : 1));
    return Map.groupBy(owed, ({ outcome }) => outcome.shard);
  }

  /** The streams that it may have read. */
  streams(): StreamModel[] {
    const { stream, created } = this.#mapping;
    if (created === undefined) return [];
    const ofName = this.#model.streams.filter(({ name }) => name === stream.name);
    return ofName.slice(ofName.indexOf(stream));
  }

  #isOwed(attempt: Attempt): boolean {
    const { stream, outcome, data, sent } = attempt;
    const { start, created, first } = this.#mapping;
    if (outcome.kind !== 'acknowledged' || created === undefined || !letsIn(first, data)) return false;
    // Which stream of the name it was put to is not certain.
    if (stream.doomed !== undefined) return false;
    if (stream === this.#mapping.stream) {
      if (start.kind === 'LATEST' && sent <= created) return false;
      if (start.kind === 'AT_TIMESTAMP' && !this.#isSince(attempt, start.at)) return false;
    }
    const arrival = this.#model.earliestWall(sent, outcome.at);
    return !this.#expiryOf(stream).mayBeGone(arrival, this.#model.now);
  }

  /** Whether it certainly arrived since a time. */
  #isSince({ sent, outcome }: Attempt, since: number): boolean {
    // When it arrived, the clock of a broker says.
    if (this.#model.hasManyClocks) return false;
    return outcome.kind === 'acknowledged' && this.#model.earliestWall(sent, outcome.at) >= since;
  }
}

function mayGiveUp({ asked }: MappingModel): boolean {
  return asked.some(
    ({ MaximumRetryAttempts, MaximumRecordAgeInSeconds }) =>
      MaximumRetryAttempts !== -1 || MaximumRecordAgeInSeconds !== -1,
  );
}
