import type { Disk } from '../../env/disk.ts';
import type { AnyEdit, StateMachine, Versioned } from '../../journal/state-machine.ts';
import type { StoredBatch } from '../../kinesis/record.ts';
import { isDamaged, type LogCheck, verifyLog } from '../../log/embedded/verify/verify.ts';
import type { WholeFrame } from '../../log/embedded/verify/verify-chain.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { JournalReplay } from './journal-replay.ts';

/** Told of each segment before it is read. */
export type Progress = (path: string, bytes: number) => void;

/** Where in a data directory a journal is. */
type JournalPlace = { readonly directory: string; readonly stream: string };

/** What a check found in a journal. */
export type JournalCheck<State> = {
  readonly log: LogCheck;
  /** After the last commit that can be replayed; of a log that is restated, all that can be read. */
  readonly state: State;
  /** How many commits at least are missing behind it, or in between. */
  readonly commitsMissing: number;
  /** True when every commit can be read. */
  readonly isWhole: boolean;
  /** Findings about what it says; those of its files are in `log`. */
  readonly findings: readonly Finding[];
};

/** Finds the records in the frames of a log. */
export interface FrameReader {
  beginSegment(path: string): void;
  take(whole: WholeFrame): readonly StoredBatch[];
}

const plain: FrameReader = {
  beginSegment() {},
  take: ({ frame: { first, arrival, count }, payload }) =>
    count === 0 ? [] : [{ first, arrival, count, bytes: payload }],
};

/** Reads a journal. One that is not there is empty. */
export async function checkJournal<State extends Versioned, Edit extends AnyEdit>(
  disk: Disk,
  machine: StateMachine<State, Edit>,
  { directory, stream }: JournalPlace,
  onSegment: Progress,
  reader: FrameReader = plain,
): Promise<JournalCheck<State>> {
  const replay = new JournalReplay(machine);
  const log = await verifyLog(disk, directory, stream, {
    onSegment(path, bytes) {
      onSegment(path, bytes);
      reader.beginSegment(path);
    },
    onFrame(whole) {
      for (const batch of reader.take(whole)) replay.take(batch);
    },
  });
  const { state, unreadable } = replay;
  const commitsMissing = replay.missing(log.states.get(0)?.next ?? 0);
  const messages = unreadable.map((offset) => `commit ${offset} of the ${machine.name} cannot be decoded.`);
  if (commitsMissing > 0 && !isDamaged(log)) {
    messages.push(
      machine.restating === undefined
        ? `at least ${commitsMissing} commits of the ${machine.name} are missing after version ${state.version}.`
        : `at least ${commitsMissing} commits of the ${machine.name} are missing.`,
    );
  }
  const path = `${directory}/${stream}`;
  const findings = messages.map((message): Finding => ({ kind: 'damage', path, position: 0, message }));
  const isWhole = !isDamaged(log) && commitsMissing === 0 && unreadable.length === 0;
  return { log, state, commitsMissing, isWhole, findings };
}
