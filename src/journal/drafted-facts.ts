import type { Offset } from '../kinesis/record.ts';
import type { FactEdit } from './facts.ts';
import type { FactsState, HeldFacts } from './held-facts.ts';
import type { Draft } from './state-machine.ts';

/** Edits over facts, which only `finish` changes: until then they can be dropped as they are. */
export class DraftedFacts<Kinds> implements FactsState<Kinds>, Draft<FactsState<Kinds>, FactEdit<Kinds>> {
  readonly held: HeldFacts<Kinds>;
  readonly #below: FactsState<Kinds>;
  readonly #edits: { readonly edit: FactEdit<Kinds>; readonly at: Offset }[] = [];
  /** What is other than below, by kind and key: the latest edit of each. */
  readonly #drafted = new Map<string, Map<string, FactEdit<Kinds>>>();
  #bytes: number;

  constructor(below: FactsState<Kinds>) {
    this.#below = below;
    this.held = below.held;
    this.#bytes = below.bytes;
  }

  get state(): FactsState<Kinds> {
    return this;
  }

  get version(): number {
    return this.held.version;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get<Kind extends keyof Kinds & string>(kind: Kind, key: string): Kinds[Kind] | undefined {
    const drafted = this.#drafted.get(kind)?.get(key);
    if (drafted === undefined) return this.#below.get(kind, key);
    return drafted.kind === 'said' ? (drafted.value as Kinds[Kind]) : undefined;
  }

  entries<Kind extends keyof Kinds & string>(kind: Kind): Iterable<readonly [string, Kinds[Kind]]> {
    return this.within(kind, '');
  }

  *within<Kind extends keyof Kinds & string>(
    kind: Kind,
    prefix: string,
  ): Generator<readonly [string, Kinds[Kind]]> {
    const drafted = this.#drafted.get(kind) ?? new Map<string, FactEdit<Kinds>>();
    const added = [...drafted.values()].filter((edit) => edit.kind === 'said' && edit.key.startsWith(prefix));
    added.sort((a, b) => (a.key < b.key ? 1 : -1));
    const own = (): readonly [string, Kinds[Kind]] => {
      const { key } = added.pop()!;
      return [key, this.get(kind, key)!];
    };
    for (const entry of this.#below.within(kind, prefix)) {
      while (added.length > 0 && added.at(-1)!.key < entry[0]) yield own();
      if (added.at(-1)?.key === entry[0]) yield own();
      else if (!drafted.has(entry[0])) yield entry;
    }
    while (added.length > 0) yield own();
  }

  bytesAt(kind: string, key: string): number {
    const drafted = this.#drafted.get(kind)?.get(key);
    if (drafted === undefined) return this.#below.bytesAt(kind, key);
    return drafted.kind === 'said' ? this.held.bytesOf(drafted) : 0;
  }

  apply(edit: FactEdit<Kinds>, at: Offset): void {
    this.#edits.push({ edit, at });
    this.#bytes -= this.bytesAt(edit.of, edit.key);
    const drafted = this.#drafted.get(edit.of) ?? new Map<string, FactEdit<Kinds>>();
    this.#drafted.set(edit.of, drafted);
    drafted.set(edit.key, edit);
    this.#bytes += this.bytesAt(edit.of, edit.key);
  }

  finish(version: number): FactsState<Kinds> {
    for (const { edit, at } of this.#edits) this.held.apply(edit, at);
    this.held.version = version;
    return this.held;
  }
}
