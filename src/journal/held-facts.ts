import type { Offset } from '../kinesis/record.ts';
import { type Aged, ByAge } from './by-age.ts';
import type { FactEdit, Facts } from './facts.ts';
import { Ordered, type Placed } from './ordered.ts';

/** All facts at a version: as they are held, or with edits over that which are not durable yet. */
export interface FactsState<Kinds> extends Facts<Kinds> {
  /** As the last durable commit left them. */
  readonly held: HeldFacts<Kinds>;
  /** What a fact takes in the log, in bytes; 0 for one that is not there. */
  bytesAt(kind: string, key: string): number;
}

/** The facts in memory, which commits change in place. */
export class HeldFacts<Kinds> implements FactsState<Kinds> {
  version = 0;
  bytes = 0;
  readonly #bytesOf: (edit: FactEdit<Kinds>) => number;
  readonly #kinds = new Map<string, Ordered<HeldFact<Kinds>>>();
  readonly #byAge = new ByAge<HeldFact<Kinds>>();

  /** What an edit takes in the log, in bytes. */
  constructor(bytesOf: (edit: FactEdit<Kinds>) => number) {
    this.#bytesOf = bytesOf;
  }

  get held(): HeldFacts<Kinds> {
    return this;
  }

  /** The record that says the oldest fact. */
  get oldest(): Offset | undefined {
    return this.#byAge.oldest?.said;
  }

  get<Kind extends keyof Kinds & string>(kind: Kind, key: string): Kinds[Kind] | undefined {
    return this.#kinds.get(kind)?.get(key)?.edit.value as Kinds[Kind] | undefined;
  }

  entries<Kind extends keyof Kinds & string>(kind: Kind): Iterable<readonly [string, Kinds[Kind]]> {
    return this.within(kind, '');
  }

  *within<Kind extends keyof Kinds & string>(
    kind: Kind,
    prefix: string,
  ): Generator<readonly [string, Kinds[Kind]]> {
    for (const { place, edit } of this.#kinds.get(kind)?.ascending(prefix, undefined) ?? []) {
      if (!place.startsWith(prefix)) return;
      yield [place, edit.value as Kinds[Kind]];
    }
  }

  bytesAt(kind: string, key: string): number {
    return this.#kinds.get(kind)?.get(key)?.bytes ?? 0;
  }

  bytesOf(edit: FactEdit<Kinds>): number {
    return this.#bytesOf(edit);
  }

  /** `at` is the record that says it. */
  apply(edit: FactEdit<Kinds>, at: Offset): void {
    const facts = this.#kinds.get(edit.of) ?? new Ordered<HeldFact<Kinds>>();
    this.#kinds.set(edit.of, facts);
    if (edit.kind === 'forgotten') {
      this.#leave(facts.remove(edit.key));
      return;
    }
    const fact = new HeldFact<Kinds>(edit, this.#bytesOf(edit), at);
    this.#leave(facts.put(fact));
    this.#byAge.add(fact);
    this.bytes += fact.bytes;
  }

  /** All facts as edits, those that were said longest ago first. */
  *edits(): Generator<FactEdit<Kinds>> {
    for (let fact = this.#byAge.oldest; fact !== undefined; fact = fact.newer) yield fact.edit;
  }

  /** As `Restating.restate`. */
  restated(bytesMin: number): { readonly edits: readonly FactEdit<Kinds>[]; readonly bytes: number } {
    const edits: FactEdit<Kinds>[] = [];
    let bytes = 0;
    for (let fact = this.#byAge.oldest; fact !== undefined; fact = fact.newer) {
      edits.push(fact.edit);
      bytes += fact.bytes;
      if (bytes >= bytesMin) break;
    }
    return { edits, bytes };
  }

  #leave(fact: HeldFact<Kinds> | undefined): void {
    if (fact === undefined) return;
    this.#byAge.remove(fact);
    this.bytes -= fact.bytes;
  }
}

/** An edit that says a fact, of whatever kind. */
type Saying<Kinds> = {
  readonly kind: 'said';
  readonly of: keyof Kinds & string;
  readonly key: string;
  readonly value: Kinds[keyof Kinds & string];
};

/** A fact as the edit that says it. */
class HeldFact<Kinds> implements Placed, Aged<HeldFact<Kinds>> {
  readonly place: string;
  readonly edit: Saying<Kinds>;
  readonly bytes: number;
  readonly said: Offset;
  older: HeldFact<Kinds> | undefined = undefined;
  newer: HeldFact<Kinds> | undefined = undefined;

  constructor(edit: Saying<Kinds>, bytes: number, said: Offset) {
    this.place = edit.key;
    this.edit = edit;
    this.bytes = bytes;
    this.said = said;
  }
}
