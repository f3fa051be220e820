import { type Disk, isSystemError, readFile, removeIfThere } from '../../env/disk.ts';
import type { Random } from '../../env/random.ts';
import { readSecret } from '../../env/secret-source.ts';
import { StartError } from '../../env/start-error.ts';
import { type RootKey, rootKeyOf } from './root-key.ts';

/** Where root keys may come from, and what makes new ones. */
export type RootKeyWorld = {
  /** The data directory. */
  readonly disk: Disk;
  readonly random: Random;
  /** Nothing is kept: without a source, the root key ends with the server. */
  readonly memory: boolean;
};

/** As `readRootSecrets`, ready to use. */
export async function readRootKey(source: string | undefined, world: RootKeyWorld): Promise<RootKey> {
  return rootKeyOf(await readRootSecrets(source, world), world.random);
}

/**
 * The root keys of a source, the one that wraps first: `file:PATH`, `env:NAME`, `command:COMMAND`, or without
 * any the file `root-key` of the data directory, which is made when it is missing and survives a power cut
 * when this resolves. The directory must be this server's alone. Rejects with `StartError`, which shows no
 * key.
 */
export async function readRootSecrets(
  source: string | undefined,
  { disk, random, memory }: RootKeyWorld,
): Promise<readonly Buffer[]> {
  // A crash may have left the key under its first name, too, where nobody would look for it.
  if (!memory) await removeIfThere(disk, freshFile);
  if (source === undefined) return memory ? [random.bytes(32)] : readOwnFile(disk, random);
  const { text, where } = await readSecret('root-key', source);
  return parseRootKeys(text, where);
}

/**
 * Keys of 32 bytes, one a line, as 64 hexadecimal digits or in base64; `#` begins a comment. Throws
 * `StartError` with the number of a line that is something else.
 */
function parseRootKeys(text: string, where: string): readonly Buffer[] {
  const keys: Buffer[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.replace(/#.*$/, '').trim();
    if (content === '') continue;
    const key = keyIn(content);
    const fault =
      key === undefined
        ? 'is neither 64 hexadecimal digits nor 32 bytes in base64'
        : keys.some((other) => other.equals(key)) && 'is there twice';
    if (fault) throw new StartError(`--root-key: line ${index + 1} of ${where} ${fault}`);
    keys.push(key!);
  }
  if (keys.length === 0) throw new StartError(`--root-key: there is no key in ${where}`);
  if (keys.length > keysMax)
    throw new StartError(`--root-key: there are more than ${keysMax} keys in ${where}`);
  return keys;
}

const keysMax = 16;

function keyIn(content: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(content)) return Buffer.from(content, 'hex');
  const bytes = Buffer.from(content, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === content ? bytes : undefined;
}

/**
 * The root key that a data directory has, undefined when it has none. Changes nothing. Rejects with
 * `StartError`, which shows no key.
 */
export async function readKeptRootKey(disk: Disk, random: Random): Promise<RootKey | undefined> {
  try {
    const text = String(await readFile(disk, rootKeyFile));
    return rootKeyOf(parseRootKeys(text, `${rootKeyFile} in the data directory`), random);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function readOwnFile(disk: Disk, random: Random): Promise<readonly Buffer[]> {
  try {
    const text = String(await readFile(disk, rootKeyFile));
    if (await disk.isOpenToOthers(rootKeyFile)) {
      throw new StartError(`other users may read ${rootKeyFile} in the data directory: chmod 600 helps`);
    }
    return parseRootKeys(text, `${rootKeyFile} in the data directory`);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    return [await makeOwnFile(disk, random)];
  }
}

/** Whole and durable under its name, or not there. */
async function makeOwnFile(disk: Disk, random: Random): Promise<Buffer> {
  const key = random.bytes(32);
  const file = await disk.open(freshFile, 'create');
  try {
    await file.write([Buffer.from(`${note}${key.toString('hex')}\n`)], 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.renameToNew(freshFile, rootKeyFile);
  await disk.syncDirectory('.');
  return key;
}

/** Its name in the data directory. */
export const rootKeyFile = 'root-key';
const freshFile = 'root-key.new';
const note = '# Every secret in this directory is wrapped with this key. Without it they are lost.\n';
