import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import type { ProgramFile } from '../../../env/processes.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { unzippedBytesMax } from './code-store.ts';
import { FileTree, UnfitTreeError } from './file-tree.ts';

/**
 * The files in a zip: at relative paths without `..`, each once, with what links within the zip lead to in
 * their place. Rejects with AWS's InvalidParameterValueException for what is no zip, what leaves its folder,
 * and what is larger than a function may be. What bytes there are counts, and not what the zip says of them.
 */
export async function unzip(zip: Uint8Array, bytesMax = unzippedBytesMax): Promise<readonly ProgramFile[]> {
  return await treeOf(zip, { bytesMax, keepsData: true });
}

/** Rejects as `unzip` does, and holds no file in memory. */
export async function checkZip(zip: Uint8Array, bytesMax = unzippedBytesMax): Promise<void> {
  await treeOf(zip, { bytesMax, keepsData: false });
}

type Reading = { readonly bytesMax: number; readonly keepsData: boolean };

/** A zip of more entries is none of a function: AWS does not say how many it takes. */
export const entriesMax = 100_000;

async function treeOf(bytes: Uint8Array, reading: Reading): Promise<ProgramFile[]> {
  const tree = new FileTree();
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), options);
    await readEntries(zip, tree, reading);
    const files = tree.files({ bytesMax: reading.bytesMax, filesMax: entriesMax });
    if (files.length === 0) throw invalid('Uploaded file must be a non-empty zip');
    return files;
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    if (error instanceof UnfitTreeError && error.reason === 'large') throw tooLarge(reading.bytesMax);
    // What is wrong with a zip its reader says in errors of no kind.
    throw notUnzipped();
  }
}

/** Names with `..`, a drive, a backslash or a slash at their beginning are refused. */
const options = { lazyEntries: true, strictFileNames: true, autoClose: false };

async function readEntries(zip: ZipFile, tree: FileTree, reading: Reading): Promise<void> {
  if (zip.entryCount > entriesMax) throw notUnzipped();
  let left = reading.bytesMax;
  for await (const entry of zip.eachEntry()) {
    const { fileName: path } = entry;
    if (path.endsWith('/')) {
      tree.addFolder(path);
      continue;
    }
    // What it says is enough to refuse it, and never enough to take it.
    if (entry.uncompressedSize > left) throw tooLarge(reading.bytesMax);
    const mode = modeOf(entry);
    const isLink = (mode & fileTypeMask) === linkType;
    const { length, data } = await readEntry(zip, entry, left, reading.keepsData || isLink);
    left -= length;
    if (isLink) tree.addLink(path, data.toString());
    else tree.addFile(path, { length, bytes: data, isExecutable: (mode & executable) !== 0 });
  }
}

async function readEntry(zip: ZipFile, entry: Entry, left: number, keepsData: boolean) {
  const pieces: Buffer[] = [];
  let [length, sum] = [0, 0];
  const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry);
  for await (const piece of stream) {
    length += piece.length;
    if (length > left) throw new UnfitTreeError('large');
    sum = crc32(piece, sum);
    if (keepsData) pieces.push(piece);
  }
  if (sum !== entry.crc32) throw notUnzipped();
  return { length, data: Buffer.concat(pieces) };
}

/** Of a file as Unix has it; 0 for a zip that was made elsewhere (APPNOTE.TXT 4.4.2, 4.4.15). */
function modeOf({ versionMadeBy, externalFileAttributes }: Entry): number {
  return versionMadeBy >>> 8 === madeOnUnix ? externalFileAttributes >>> 16 : 0;
}

const madeOnUnix = 3;
const fileTypeMask = 0o170000;
const linkType = 0o120000;
const executable = 0o111;

function notUnzipped(): ServiceError {
  return invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
}

function tooLarge(bytesMax: number): ServiceError {
  return invalid(`Unzipped size must be smaller than ${bytesMax} bytes`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message);
}
