import type { Offset } from '../kinesis/record.ts';
import { isRewrite, type Revision } from './revision.ts';
import type { AnyEdit, StateMachine, Versioned } from './state-machine.ts';

/** How far a replay came. */
export type Replayed<State> = {
  readonly state: State;
  /** The latest version that there is as far as is known. Behind a gap it is past the state's. */
  readonly known: number;
};

/**
 * The one replay: a server feeds it from its log, a follower with what the owner sends, the offline tools
 * with what can be read. A commit counts if it was decided on the version before it, else it lost against
 * another one. Behind a gap nothing counts until the next snapshot, which has the whole state again; a
 * snapshot of a version that is known already says nothing new. A log that is restated has no snapshots; it
 * was trimmed at a commit that counted, which whatever comes first in it therefore is. `applied` are the
 * revisions that counted.
 */
export function advance<State extends Versioned, Edit extends AnyEdit, Read extends ReadRevision<Edit>>(
  machine: StateMachine<State, Edit>,
  from: Replayed<State>,
  revisions: readonly Read[],
): Advanced<State, Read> {
  let { known } = from;
  let { version } = from.state;
  let draft = machine.draft(from.state);
  const applied: Read[] = [];
  let whole: Read | undefined;
  let hasSkipped = false;
  for (const revision of revisions) {
    const { offset = 0 } = revision;
    const isAfterTrim = machine.restating !== undefined && known === 0 && offset > 0;
    // A commit that lost against one in the gap may have been decided on the version before it.
    const isBehindGap = known > version;
    known = Math.max(known, versionOf(revision));
    if ('version' in revision) {
      if (isRewrite(revision) && (isBehindGap || revision.after < version)) continue;
      if (!isRewrite(revision) && revision.version === version && !isBehindGap) whole = revision;
      if (revision.version <= version) continue;
      hasSkipped ||= !isRewrite(revision) || revision.after !== version;
      whole = revision;
      draft = machine.draft(machine.empty);
    } else if (!isAfterTrim && (isBehindGap || revision.after !== version)) continue;
    version = versionOf(revision);
    for (const edit of revision.edits) draft.apply(edit, offset);
    applied.push(revision);
  }
  const state = applied.length === 0 ? from.state : draft.finish(version);
  return { state, known, applied, whole, hasSkipped };
}

/** What a replay came to, and by which of the revisions. */
export type Advanced<State, Read> = Replayed<State> & {
  readonly applied: readonly Read[];
  readonly whole: Read | undefined;
  readonly hasSkipped: boolean;
};

/** A revision and the record of the log that it was read from; followers are told none. */
export type ReadRevision<Edit> = Revision<Edit> & { readonly offset?: Offset };

/** The version that a revision makes. */
export function versionOf(revision: Revision<unknown>): number {
  return 'version' in revision ? revision.version : revision.after + 1;
}
