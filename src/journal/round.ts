import type { Offset } from '../kinesis/record.ts';
import type { AnyEdit, Draft, StateMachine, Versioned } from './state-machine.ts';

/** May be called more than once. What it reads of the state holds until it returns. */
export type Decide<State, Edit> = (state: State) => readonly Edit[];

export type Waiting<State, Edit> = {
  readonly decide: Decide<State, Edit>;
  readonly resolve: (state: State) => void;
  readonly reject: (error: unknown) => void;
};

/** What a round's requests decided: all of it, or nothing, becomes the next version. */
export type Round<State, Edit> = {
  readonly accepted: readonly Waiting<State, Edit>[];
  /**
   * Those that cannot be, for what others of the round decided before them: they are told once that is
   * durable, because their error shows it, and decide again when it does not become true.
   */
  readonly refused: readonly Refused<State, Edit>[];
  /** Those that were not asked: the round is full. */
  readonly left: readonly Waiting<State, Edit>[];
  readonly edits: readonly Edit[];
  readonly draft: Draft<State, Edit>;
};

export type Refused<State, Edit> = { readonly request: Waiting<State, Edit>; readonly error: unknown };

/** A round whose edits, and what was read for them, have reached it takes no more. */
const roundBytesMax = 1024 * 1024;

/**
 * Has requests decide one after the other, each on what those before it made of the state, and rejects those
 * that cannot. `restated` is said before what they decide, if they decide anything; `at` is where the round
 * is going to be in the log.
 */
export function decideRound<State extends Versioned, Edit extends AnyEdit>(
  machine: StateMachine<State, Edit>,
  from: { readonly state: State; readonly restated: readonly Edit[]; readonly at: Offset },
  requests: readonly Waiting<State, Edit>[],
): Round<State, Edit> {
  const { state, restated, at } = from;
  const draft = machine.draft(state);
  for (const edit of restated) draft.apply(edit, at);
  const accepted: Waiting<State, Edit>[] = [];
  const refused: Refused<State, Edit>[] = [];
  const edits: Edit[] = [];
  let bytes = 0;
  for (const [index, request] of requests.entries()) {
    if (bytes + (draft.readBytes ?? 0) >= roundBytesMax)
      return whole(restated, { accepted, refused, left: requests.slice(index), edits, draft });
    let decided: readonly Edit[];
    try {
      decided = request.decide(draft.state);
      machine.requireRoom(draft.state, decided);
    } catch (error) {
      if (edits.length === 0) request.reject(error);
      else refused.push({ request, error });
      continue;
    }
    try {
      for (const edit of decided) draft.apply(edit, at);
    } catch (error) {
      request.reject(error);
      // The draft may have some of the edits.
      const before = [...accepted, ...refused.map((each) => each.request)];
      return decideRound(machine, from, [...before, ...requests.slice(index + 1)]);
    }
    for (const edit of decided) bytes += machine.codec?.bytesOf(edit) ?? 0;
    edits.push(...decided);
    accepted.push(request);
  }
  return whole(restated, { accepted, refused, left: [], edits, draft });
}

function whole<State, Edit>(restated: readonly Edit[], round: Round<State, Edit>): Round<State, Edit> {
  return round.edits.length === 0 ? round : { ...round, edits: [...restated, ...round.edits] };
}
