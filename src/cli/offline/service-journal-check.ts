import type { Disk } from '../../env/disk.ts';
import type { AnyEdit, StateMachine, Versioned } from '../../journal/state-machine.ts';
import { isDamaged, type LogCheck } from '../../log/embedded/verify/verify.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { servicesDirectory } from '../../server/storage.ts';
import type { FrameOpener, OpenedFrames } from './frame-opener.ts';
import { checkJournal, type JournalCheck, type Progress } from './journal-check.ts';

/** What a check found in the log of a service. Some of it may be unread: `isRead` tells. */
export type ServiceCheck = {
  readonly log: LogCheck;
  /** Undefined where there was no root key: then nobody has looked into it. */
  readonly opened: OpenedFrames | undefined;
};

/** Whether there was a key for all of it. */
export function isRead({ opened }: ServiceCheck): boolean {
  return opened !== undefined && opened.keysMissing.length === 0;
}

/** The same of a journal. The state has what was read, and is sound when nothing in it lacks another. */
export type ServiceJournalCheck<State> = JournalCheck<State> & ServiceCheck & { readonly isSound: boolean };

type Reading<State> = {
  readonly onSegment: Progress;
  readonly opener: FrameOpener;
  readonly isUnlocked: boolean;
  /** What is wrong with a state, in sentences. */
  readonly lacks: (state: State) => Iterable<string>;
};

/**
 * Checks a journal among the logs of services. What nobody can decrypt now says nothing, neither what is
 * there nor what is missing.
 */
export async function checkServiceJournal<State extends Versioned, Edit extends AnyEdit>(
  disk: Disk,
  machine: StateMachine<State, Edit>,
  stream: string,
  { onSegment, opener, isUnlocked, lacks }: Reading<State>,
): Promise<ServiceJournalCheck<State>> {
  const place = { directory: servicesDirectory, stream };
  const check = await checkJournal(disk, machine, place, onSegment, opener);
  const { log, state } = check;
  const lacking = [...lacks(state)];
  const path = `${servicesDirectory}/${stream}`;
  // Of a log that is damaged, that is said already.
  const said = isDamaged(log) ? [] : lacking;
  const findings = [
    ...opener.findings,
    ...said.map((message): Finding => ({ kind: 'damage', path, position: 0, message })),
  ];
  const { result } = opener;
  const rest = { opened: isUnlocked ? result : undefined, isSound: lacking.length === 0 };
  if (result.keysMissing.length === 0)
    return { ...check, findings: [...check.findings, ...findings], ...rest };
  return { log, state, commitsMissing: 0, isWhole: !isDamaged(log), findings, ...rest };
}
