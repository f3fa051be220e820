import { DraftedFacts } from './drafted-facts.ts';
import { factCodec } from './fact-codec.ts';
import type { FactEdit, Facts } from './facts.ts';
import { type FactsState, HeldFacts } from './held-facts.ts';
import type { Commit } from './revision.ts';
import type { StateMachine } from './state-machine.ts';

/** What there is to say about a state of facts. */
export type FactRules<Kinds> = {
  /** What the state is, for messages: `functions`. */
  readonly name: string;
  /** All kinds that this program knows. What a newer one has written besides is a `NewerFormatError`. */
  readonly kinds: { readonly [Kind in keyof Kinds & string]: true };
  readonly room: FactRoom<Kinds>;
  /**
   * Throws an AssertionError where edits that were decided here make of `before` what must never be. A replay
   * is not asked: a log that is restated says facts in any order.
   */
  readonly requireSound?: (
    before: Facts<Kinds>,
    after: Facts<Kinds>,
    edits: readonly FactEdit<Kinds>[],
  ) => void;
};

/** The state may take so many bytes, as `Facts.bytes` counts them. */
export type FactRoom<Kinds> = {
  readonly bytesMax: number;
  /** Whether an edit is one that there is room for always, because it has to be made. */
  readonly isExempt?: (edit: FactEdit<Kinds>, before: Facts<Kinds>) => boolean;
  /** What a caller is told whose edits have no room. `message` says how much there is. */
  readonly refusal: (message: string) => Error;
};

/**
 * Facts as a state that is replayed from a log, which is restated and has no snapshots. A commit costs what
 * it changes, not what there is. Several writers may share the log.
 */
export function factMachine<Kinds>(
  rules: FactRules<Kinds>,
): StateMachine<FactsState<Kinds>, FactEdit<Kinds>> {
  const codec = factCodec<Kinds>(rules.kinds);
  return {
    name: rules.name,
    get empty() {
      return new HeldFacts<Kinds>(codec.bytesOf);
    },
    draft: (state) => new DraftedFacts(state),
    // What the codec does not know it refuses.
    isKnown: () => true,
    requireRoom(before, edits) {
      const after = new DraftedFacts(before);
      for (const edit of edits) after.apply(edit, nowhere);
      requireRoom(rules, before, after, edits);
      rules.requireSound?.(before, after, edits);
    },
    snapshot: ({ held }) => [...held.edits()],
    codec,
    restating: {
      bytesOf: ({ bytes }) => bytes,
      oldest: ({ held }) => held.oldest,
      restate: ({ held }, bytes) => held.restated(bytes),
    },
  };
}

/** Commits that make the state of the empty one, none of which is large unless a fact is. */
export function* commitsOfFacts<Kinds>({ held }: FactsState<Kinds>): Generator<Commit<FactEdit<Kinds>>> {
  let [after, bytes] = [0, 0];
  let edits: FactEdit<Kinds>[] = [];
  for (const edit of held.edits()) {
    edits.push(edit);
    bytes += held.bytesOf(edit);
    if (bytes < commitBytes) continue;
    yield { after, edits };
    [after, bytes, edits] = [after + 1, 0, []];
  }
  if (edits.length > 0) yield { after, edits };
}

const commitBytes = 256 * 1024;

function requireRoom<Kinds>(
  { name, room: { bytesMax, isExempt = () => false, refusal } }: FactRules<Kinds>,
  before: Facts<Kinds>,
  after: Facts<Kinds>,
  edits: readonly FactEdit<Kinds>[],
): void {
  if (after.bytes <= before.bytes || after.bytes <= bytesMax) return;
  if (edits.every((edit) => isExempt(edit, before))) return;
  throw refusal(
    `This server has room for ${bytesMax} bytes of ${name}. It has ${before.bytes}, and this request adds ` +
      `${after.bytes - before.bytes}.`,
  );
}

/** What is only tried is in no record. */
const nowhere = -1;
