import type { KeysState } from '../../access/keys/state.ts';
import { type Disk, namesIn } from '../../env/disk.ts';
import type { FactsState } from '../../journal/held-facts.ts';
import { endsName } from '../../log/embedded/recover/ends.ts';
import { isDamaged, type LogCheck, verifyLog } from '../../log/embedded/verify/verify.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { servicesDirectory } from '../../server/storage.ts';
import { tablesKey } from '../../services/dynamodb/tables/late-tables.ts';
import { tablesMachine } from '../../services/dynamodb/tables/tables-machine.ts';
import type { TablesState } from '../../services/dynamodb/tables/tables-state.ts';
import { danglingIn } from '../../services/lambda/state/dangling.ts';
import { lambdaMachine } from '../../services/lambda/state/lambda-machine.ts';
import type { LambdaKinds } from '../../services/lambda/state/lambda-state.ts';
import { lambdaKey } from '../../services/lambda/state/open-lambda-journal.ts';
import { FrameOpener } from './frame-opener.ts';
import type { Progress } from './journal-check.ts';
import { serviceKeyOpener, type Unlocked } from './key-openers.ts';
import { type ContentCheck, codeMissing, lambdaContent } from './lambda-contents.ts';
import {
  checkServiceJournal,
  isRead,
  type ServiceCheck,
  type ServiceJournalCheck,
} from './service-journal-check.ts';

export type ServicesCheck = {
  readonly tables: ServiceJournalCheck<TablesState>;
  readonly lambda: ServiceJournalCheck<FactsState<LambdaKinds>>;
  /** What other services keep: whatever it is, it can be decrypted. */
  readonly others: readonly ServiceCheck[];
  /** Beside those of the logs and of the journals. */
  readonly findings: readonly Finding[];
};

/** Checks what services besides Kinesis keep: with a root key what it says, too. */
export async function checkServices(
  disk: Disk,
  keys: KeysState,
  onSegment: Progress,
  unlocked: Unlocked | undefined,
): Promise<ServicesCheck> {
  const isUnlocked = unlocked !== undefined;
  const openerOf = (log: string) =>
    new FrameOpener(log, unlocked === undefined ? locked : serviceKeyOpener(keys, unlocked, log), true);
  const readingOf = (log: string) => ({ onSegment, opener: openerOf(log), isUnlocked });
  const tables = await checkServiceJournal(disk, tablesMachine(), tablesKey.stream, {
    ...readingOf(tablesKey.stream),
    lacks: tablesMissing,
  });
  const lambda = await checkServiceJournal(disk, lambdaMachine(), lambdaKey.stream, {
    ...readingOf(lambdaKey.stream),
    *lacks(state) {
      for (const { message } of danglingIn(state)) yield message;
    },
  });
  const { names, findings } = await otherLogs(disk);
  const others: ServiceCheck[] = [];
  for (const name of names) {
    const opener = openerOf(name);
    const content = lambdaContent(lambda.state, name);
    const log = await passLog(disk, name, onSegment, opener, content);
    const other = { log, opened: unlocked && opener.result };
    others.push(other);
    findings.push(...opener.findings, ...contentFindings(other, content, opener));
  }
  if (isRead(lambda) && !isDamaged(lambda.log)) findings.push(...codeMissing(lambda.state, names));
  return { tables, lambda, others, findings };
}

/** Nobody is told: without a root key nothing is said of what can be decrypted. */
const locked = () => 'locked';

/** The logs of services besides those of journals, and what is wrong with their directories. */
async function otherLogs(disk: Disk): Promise<{ names: string[]; findings: Finding[] }> {
  const names: string[] = [];
  const findings: Finding[] = [];
  for (const name of await namesIn(disk, servicesDirectory)) {
    if (name === tablesKey.stream || name === lambdaKey.stream || name.startsWith(endsName)) continue;
    if (!name.endsWith('.dropped')) {
      names.push(name);
      continue;
    }
    const message = 'a log that was deleted. The next start removes what is left of it.';
    findings.push({ kind: 'torn', path: `${servicesDirectory}/${name}`, position: 0, message });
  }
  return { names, findings };
}

function passLog(
  disk: Disk,
  name: string,
  onSegment: Progress,
  opener: FrameOpener,
  content: ContentCheck | undefined,
): Promise<LogCheck> {
  return verifyLog(disk, servicesDirectory, name, {
    onSegment(path, bytes) {
      onSegment(path, bytes);
      opener.beginSegment(path);
    },
    onFrame(whole) {
      for (const batch of opener.take(whole)) content?.take(batch);
    },
  });
}

/** Only what was read to its end, and is not damaged as a log, can be wrong in what it says. */
function contentFindings(
  check: ServiceCheck,
  content: ContentCheck | undefined,
  { findings }: FrameOpener,
): Finding[] {
  if (content === undefined || !isRead(check) || isDamaged(check.log) || findings.length > 0) return [];
  const path = `${servicesDirectory}/${check.log.stream}`;
  return content.end().map((message): Finding => ({ kind: 'damage', path, position: 0, message }));
}

/** Items without the table that they are in. */
function* tablesMissing({ held }: TablesState): Generator<string> {
  for (const id of held.unknownTables()) {
    yield `there are items of a table with the id ${id}, and the table is missing.`;
  }
}
