import type { RootKey } from '../../access/keys/root-key.ts';
import { readKeptRootKey, readRootKey, rootKeyFile } from '../../access/keys/root-key-source.ts';
import { type Disk, namesIn } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { EngineEnv } from '../../log/embedded/engine-parts.ts';
import type { ArchiveToRead } from '../../log/embedded/verify/stream-files.ts';
import { checkData, type DataCheck, withData } from './data-check.ts';
import { repairData } from './data-repair.ts';
import type { JournalCheck, Progress } from './journal-check.ts';
import type { Unlocked } from './key-openers.ts';
import type { OfflineRequest } from './offline-command.ts';
import { lossText, type Report, reportOf, reportText } from './report.ts';
import { isReadable } from './services-repair.ts';

/** What is printed, and the exit code. */
export type Outcome = { readonly text: string; readonly exitCode: 0 | 1 };

/**
 * Checks a data directory, and copies what is sound of it when that is asked for. Rejects with `StartError`
 * when it may not be touched.
 */
export function runOffline(
  request: OfflineRequest,
  worldOf: (directory: string) => EngineEnv,
  onProgress: Progress = () => {},
  archive?: ArchiveToRead,
): Promise<Outcome> {
  const { directory, json, to } = request;
  const { disk, random } = worldOf(directory);
  return withData(disk, directory, async () => {
    const target = to === undefined ? undefined : { path: to, world: worldOf(to) };
    if (target !== undefined) await requireEmpty(target.world.disk, target.path);
    const root = await rootKeyFor(request, { disk, random });
    const unlocked = root && { root, random };
    const check = await checkData(disk, onProgress, unlocked, archive);
    const report = reportOf(check);
    if (json) return { text: `${JSON.stringify(report)}\n`, exitCode: exitCodeOf(report) };
    const text = reportText(directory, report);
    if (target === undefined) return { text, exitCode: exitCodeOf(report) };
    return { text: text + (await copy(disk, target, check, onProgress, unlocked)), exitCode: 0 };
  });
}

/** A repair uses the root key of the directory without being told: it may have to read what is encrypted. */
async function rootKeyFor(
  { rootKey, to }: OfflineRequest,
  world: Pick<EngineEnv, 'disk' | 'random'>,
): Promise<RootKey | undefined> {
  if (rootKey !== undefined) return await readRootKey(rootKey, { ...world, memory: true });
  return to === undefined ? undefined : await readKeptRootKey(world.disk, world.random);
}

function exitCodeOf({ result }: Report): 0 | 1 {
  return result === 'clean' ? 0 : 1;
}

async function copy(
  from: Disk,
  target: { readonly path: string; readonly world: EngineEnv },
  check: DataCheck,
  onProgress: Progress,
  unlocked: Unlocked | undefined,
): Promise<string> {
  const kept = await repairData(from, target.world, check, onProgress, unlocked);
  const before = commitsText(check) + unreadableText(check);
  return before + lossText(target.path, check.streams, kept) + (await rootKeyText(from, check));
}

/** A root key that was named by `--root-key` is not in the directory, and so in no copy. */
async function rootKeyText(from: Disk, { identity }: DataCheck): Promise<string> {
  const isHere = (await namesIn(from, '.')).includes(rootKeyFile);
  if (isHere || identity.state.sessionSecret === '') return '';
  return 'It takes the same --root-key as the old one: there was no root key to copy.\n';
}

/** Without its last commits a journal is as it was before them. */
function commitsText({ catalog, identity, keys, tables, lambda }: DataCheck): string {
  const text = (what: string, { commitsMissing }: JournalCheck<unknown>) =>
    commitsMissing === 0
      ? ''
      : `${what} as it was before its last edits, of which at least ${commitsMissing} cannot be used.\n`;
  return (
    text('The control plane is', catalog) +
    text('The journal of users and policies is', identity) +
    text('The journal of keys is', keys) +
    tablesText(tables) +
    lambdaText(lambda)
  );
}

/** Logs of services that these could not read are not copied. */
function unreadableText({ others }: DataCheck): string {
  const left = others.filter((other) => !isReadable(other));
  return left
    .map(({ log }) => `services/${log.stream} is left out: not all of it can be decrypted.\n`)
    .join('');
}

/** Of what the missing commits said, the tables have what was said before or after. */
function tablesText({ commitsMissing, isWhole }: JournalCheck<unknown>): string {
  if (isWhole) return '';
  return `The tables of DynamoDB are without what can be read nowhere: of at least ${commitsMissing} commits. Items that these wrote are missing or as they were before, and items that these deleted may be there.\n`;
}

/** A cursor as it was before has records processed again, and none left out. */
function lambdaText({ commitsMissing, isWhole }: JournalCheck<unknown>): string {
  if (isWhole) return '';
  return `Functions and mappings are without what can be read nowhere: of at least ${commitsMissing} commits. What these changed is missing or as it was before, so mappings may process records again, and what these deleted may be there.\n`;
}

async function requireEmpty(disk: Disk, path: string): Promise<void> {
  const names = await namesIn(disk, '.').catch((error: NodeJS.ErrnoException) => [error.code]);
  if (names.length > 0)
    throw new StartError(`--to must name a new or an empty directory, which ${path} is not`);
}
