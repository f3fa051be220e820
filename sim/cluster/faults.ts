/** What befalls brokers and gateways. Each is one fault. */
export type FaultKind =
  | 'broker killed'
  | 'broker stopped'
  | 'broker without power'
  | 'broker paused'
  | 'broker cut off'
  | 'broker with a full disk'
  | 'broker with another time'
  | 'gateway killed'
  | 'gateway paused'
  | 'gateway cut off'
  | 'gateway with another time'
  | 'network that loses'
  | 'network that is slow';

/** How many of each kind, by kind. */
export type Faults = ReadonlyMap<FaultKind, number>;

/** A count over several worlds. */
export class FaultCount {
  readonly #counts = new Map<FaultKind, number>();

  get byKind(): Faults {
    return this.#counts;
  }

  get total(): number {
    return this.#counts.values().reduce((sum, count) => sum + count, 0);
  }

  add(kind: FaultKind, count = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
  }

  addAll(faults: Faults): void {
    for (const [kind, count] of faults) this.add(kind, count);
  }

  /** As a sentence: the sum, and the kinds by their names. */
  toString(): string {
    const kinds = [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1));
    return `${this.total} faults (${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')})`;
  }
}
