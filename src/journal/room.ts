/** Something of which a state may hold only so many, because all of it is in memory and in a snapshot. */
export type Measure<State, Edit> = {
  readonly things: string;
  readonly max: number;
  readonly held: (state: State) => number;
  /** How many more an edit makes; negative when it makes fewer. */
  readonly added: (state: State, edit: Edit) => number;
};

/** Why a state has no room for what comes of the edits; undefined when it has, or they make nothing more. */
export function lackOfRoom<State, Edit>(
  measures: readonly Measure<State, Edit>[],
  state: State,
  edits: readonly Edit[],
): string | undefined {
  for (const { things, max, held, added } of measures) {
    const more = sum(edits, (edit) => added(state, edit));
    if (more <= 0) continue;
    const has = held(state);
    if (has + more <= max) continue;
    return `This server has room for ${max} ${things}. It has ${has}, and this request may add ${more}.`;
  }
  return undefined;
}

export function sum<Item>(items: Iterable<Item>, numberOf: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += numberOf(item);
  return total;
}
