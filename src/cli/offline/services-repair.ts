import { openKeys } from '../../access/keys/keys.ts';
import { ServiceKeys } from '../../access/keys/service-keys.ts';
import type { Disk } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import { commitsOfFacts } from '../../journal/fact-machine.ts';
import { type Commit, recordOf } from '../../journal/revision.ts';
import type { AnyEdit, StateMachine, Versioned } from '../../journal/state-machine.ts';
import { encodeBatch } from '../../kinesis/record.ts';
import { openEmbeddedLog } from '../../log/embedded/embedded-log.ts';
import type { EngineEnv } from '../../log/embedded/engine-parts.ts';
import { repairLog } from '../../log/embedded/verify/repair.ts';
import { EncryptedEngine } from '../../log/encrypted-engine.ts';
import type { Engine, ShardKey } from '../../log/log.ts';
import { controlLogOptions, servicesDirectory, servicesLogOptions } from '../../server/storage.ts';
import { tablesKey } from '../../services/dynamodb/tables/late-tables.ts';
import { commitsOf, tablesMachine } from '../../services/dynamodb/tables/tables-machine.ts';
import { danglingIn } from '../../services/lambda/state/dangling.ts';
import { lambdaMachine } from '../../services/lambda/state/lambda-machine.ts';
import { lambdaKey } from '../../services/lambda/state/open-lambda-journal.ts';
import type { Unlocked } from './key-openers.ts';
import { isRead, type ServiceCheck, type ServiceJournalCheck } from './service-journal-check.ts';
import type { ServicesCheck } from './services-check.ts';

/**
 * What is encrypted is copied as it is. To take what is sound out of a damaged journal, one has to read it.
 */
export function requireReadable({ tables, lambda }: ServicesCheck): void {
  requireReadableLog('the tables', tables);
  requireReadableLog('functions and mappings', lambda);
}

function requireReadableLog(what: string, check: ServiceJournalCheck<unknown>): void {
  if (check.isWhole || isRead(check)) return;
  throw new StartError(
    `the log of ${what} is damaged and encrypted: to copy what is sound of it takes its root key (--root-key)`,
  );
}

/** Whether a service can read its log, as far as one knows: a log that it cannot read would stop it. */
export function isReadable(check: ServiceCheck): boolean {
  const { opened } = check;
  return opened === undefined || !isRead(check) || opened.decrypted === opened.encrypted;
}

/** Journals as they are, or all that is known of them in commits of a new log. */
export async function copyServices(
  from: Disk,
  to: EngineEnv,
  { tables, lambda, others }: ServicesCheck,
  unlocked: Unlocked | undefined,
): Promise<void> {
  for (const other of others) {
    if (isReadable(other)) await repairLog(from, to, servicesDirectory, other.log);
  }
  const copied = [tables, lambda].filter(({ isWhole, isSound }) => isWhole && isSound);
  for (const { log } of copied) await repairLog(from, to, servicesDirectory, log);
  if (copied.length === 2 || unlocked === undefined) return;
  await withServices(to, unlocked, async (engine) => {
    if (!copied.includes(tables)) await write(engine, tablesKey, tablesMachine(), commitsOf(tables.state));
    if (!copied.includes(lambda)) await writeLambda(engine, lambda);
  });
}

/** Without what lacks something else. */
async function writeLambda(engine: Engine, { state }: ServicesCheck['lambda']): Promise<void> {
  const machine = lambdaMachine();
  const sound = machine.draft(state);
  for (const { forget } of danglingIn(state)) sound.apply(forget, 0);
  await write(engine, lambdaKey, machine, commitsOfFacts(sound.finish(state.version)));
}

async function withServices(
  to: EngineEnv,
  unlocked: Unlocked,
  work: (engine: Engine) => Promise<void>,
): Promise<void> {
  const control = await openEmbeddedLog(to, 'catalog', controlLogOptions);
  const keys = await openKeys(control);
  const services = await openEmbeddedLog(to, servicesDirectory, servicesLogOptions);
  const engine = new EncryptedEngine(services, new ServiceKeys({ keys, ...unlocked }));
  await work(engine);
  await engine.close();
  await control.close();
}

async function write<State extends Versioned, Edit extends AnyEdit>(
  engine: Engine,
  key: ShardKey,
  machine: StateMachine<State, Edit>,
  commits: Iterable<Commit<Edit>>,
): Promise<void> {
  for (const commit of commits) {
    const data = recordOf(machine, commit);
    await engine.append(key, encodeBatch([{ partitionKey: undefined, data }]));
  }
}
