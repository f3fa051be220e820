import type { KeysState } from '../../access/keys/state.ts';
import { type Disk, namesIn } from '../../env/disk.ts';
import { endsName } from '../../log/embedded/recover/ends.ts';
import { isDamaged, type LogCheck, verifyLog } from '../../log/embedded/verify/verify.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { servicesDirectory } from '../../server/storage.ts';
import { tablesKey } from '../../services/dynamodb/tables/late-tables.ts';
import { tablesMachine } from '../../services/dynamodb/tables/tables-machine.ts';
import type { TablesState } from '../../services/dynamodb/tables/tables-state.ts';
import { FrameOpener, type OpenedFrames } from './frame-opener.ts';
import { checkJournal, type JournalCheck, type Progress } from './journal-check.ts';
import { serviceKeyOpener, type Unlocked } from './key-openers.ts';

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

/** The same of DynamoDB's tables. The state has what was read. */
export type TablesCheck = JournalCheck<TablesState> & ServiceCheck;

export type ServicesCheck = {
  readonly tables: TablesCheck;
  /** What other services keep: whatever it is, it can be decrypted. */
  readonly others: readonly ServiceCheck[];
  /** Beside those of the logs and of the journal. */
  readonly findings: readonly Finding[];
};

/** Checks what services besides Kinesis keep: with a root key what it says, too. */
export async function checkServices(
  disk: Disk,
  keys: KeysState,
  onSegment: Progress,
  unlocked: Unlocked | undefined,
): Promise<ServicesCheck> {
  const openerOf = (log: string) =>
    new FrameOpener(log, unlocked === undefined ? locked : serviceKeyOpener(keys, unlocked, log), true);
  const tablesOpener = openerOf(tablesKey.stream);
  const tables = await checkTables(disk, onSegment, tablesOpener, unlocked !== undefined);
  const findings = [...tablesOpener.findings, ...tablesMissing(tables)];
  const others: ServiceCheck[] = [];
  for (const name of await namesIn(disk, servicesDirectory)) {
    if (name === tablesKey.stream || name.startsWith(endsName)) continue;
    const opener = openerOf(name);
    const log = await passLog(disk, name, onSegment, opener);
    others.push({ log, opened: unlocked && opener.result });
    findings.push(...opener.findings);
  }
  return { tables, others, findings };
}

/** Nobody is told: without a root key nothing is said of what can be decrypted. */
const locked = () => 'locked';

/** What nobody can decrypt now says nothing, neither what is there nor what is missing. */
async function checkTables(
  disk: Disk,
  onSegment: Progress,
  opener: FrameOpener,
  isUnlocked: boolean,
): Promise<TablesCheck> {
  const place = { directory: servicesDirectory, stream: tablesKey.stream };
  const check = await checkJournal(disk, tablesMachine(), place, onSegment, opener);
  const { result } = opener;
  const opened = isUnlocked ? result : undefined;
  if (result.keysMissing.length === 0) return { ...check, opened };
  const { log, state } = check;
  return { log, state, commitsMissing: 0, isWhole: !isDamaged(log), findings: [], opened };
}

function passLog(disk: Disk, name: string, onSegment: Progress, opener: FrameOpener): Promise<LogCheck> {
  return verifyLog(disk, servicesDirectory, name, {
    onSegment(path, bytes) {
      onSegment(path, bytes);
      opener.beginSegment(path);
    },
    onFrame: (whole) => opener.take(whole),
  });
}

/** Items without the table that they are in. */
function tablesMissing({ state, log }: JournalCheck<TablesState>): Finding[] {
  if (isDamaged(log)) return [];
  return [...state.held.unknownTables()].map((id) => ({
    kind: 'damage',
    path: `${servicesDirectory}/${tablesKey.stream}`,
    position: 0,
    message: `there are items of a table with the id ${id}, and the table is missing.`,
  }));
}
