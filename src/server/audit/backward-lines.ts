import { bytesAt, type Disk, isSystemError, readWith } from '../../env/disk.ts';
import { type AuditFile, auditFilesIn } from './audit-files.ts';

/** Where reading goes on: before an offset of a file, and then in all older ones. */
export type LinePlace = { readonly number: number; readonly end: number };

/**
 * A line without its end. Reading goes on at `start` once it was taken, and at `end` as long as it was not.
 */
export type PlacedLine = { readonly text: string; readonly number: number } & Extent;
type Extent = { readonly start: number; readonly end: number };

/**
 * The lines in audit files of a kind, the newest first. What a crash or a write under way has left of a line
 * is none. Files that are removed meanwhile end it: older ones were removed before.
 */
export class BackwardLines {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #kind: string;
  readonly #from: LinePlace | undefined;
  /** Those that are not read to their beginning, the oldest first. */
  #files: AuditFile[] | undefined;
  /** Of the newest of them, what is not read yet ends here; undefined before it is looked at. */
  #end: number | undefined;
  /** What was read, the newest last. */
  #lines: PlacedLine[] = [];

  constructor(disk: Disk, directory: string, kind: string, from?: LinePlace) {
    this.#disk = disk;
    this.#directory = directory;
    this.#kind = kind;
    this.#from = from;
  }

  /** The next line, which was read already; undefined where `read` has to be called, or there is none. */
  get next(): PlacedLine | undefined {
    return this.#lines.at(-1);
  }

  /** Goes on to the one after `next`. */
  take(): void {
    this.#lines.pop();
  }

  /** Where what was not taken ends. */
  get place(): LinePlace {
    const { next } = this;
    if (next !== undefined) return { number: next.number, end: next.end };
    const number = this.#files?.at(-1)?.number;
    return number === undefined ? { number: 0, end: 0 } : { number, end: this.#end ?? latest };
  }

  /**
   * Reads more lines when there are none; answers how many bytes it has read, 0 when there is nothing left.
   */
  async read(): Promise<number> {
    this.#files ??= await this.#filesFrom();
    let bytes = 0;
    while (this.#lines.length === 0 && this.#files.length > 0) {
      try {
        bytes += await this.#readPiece(this.#files.at(-1)!);
      } catch (error) {
        if (!isSystemError(error, 'ENOENT')) throw error;
        this.#files = [];
      }
    }
    return bytes;
  }

  async #filesFrom(): Promise<AuditFile[]> {
    const from = this.#from;
    const files = await this.#present();
    if (from === undefined) return files;
    const older = files.filter(({ number }) => number <= from.number);
    if (older.at(-1)?.number === from.number) this.#end = from.end;
    return older;
  }

  async #present(): Promise<AuditFile[]> {
    try {
      return [...(await auditFilesIn(this.#disk, this.#directory, this.#kind))];
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  /** Reads the last piece of a file that has not been read, and no file longer than its end. */
  async #readPiece({ name, number }: AuditFile): Promise<number> {
    return await readWith(this.#disk, `${this.#directory}/${name}`, async (file) => {
      const end = Math.min(this.#end ?? latest, await file.size());
      for (let length = pieceBytes; ; length *= 2) {
        const start = Math.max(0, end - length);
        const piece = await bytesAt(file, start, end - start);
        const whole = start === 0 ? 0 : piece.indexOf(newline) + 1;
        // A line may be longer than a piece; one that is longer than any is left out.
        const hasNone = start > 0 && (whole === 0 || whole === piece.length);
        if (hasNone && length < lineBytesMax) continue;
        this.#lines = hasNone ? [] : linesIn(piece, whole, start, number);
        this.#end = start === 0 ? undefined : start + (hasNone ? 0 : whole);
        if (start === 0) this.#files!.pop();
        return end - start;
      }
    });
  }
}

function linesIn(piece: Buffer, from: number, offset: number, number: number): PlacedLine[] {
  const lines: PlacedLine[] = [];
  for (let start = from; ; ) {
    const end = piece.indexOf(newline, start);
    if (end === -1) return lines;
    lines.push({
      text: piece.toString('utf8', start, end),
      number,
      start: offset + start,
      end: offset + end + 1,
    });
    start = end + 1;
  }
}

const newline = 0x0a;

/** Beyond the end of any file. */
const latest = Number.MAX_SAFE_INTEGER;

const pieceBytes = 64 * 1024;

/** Two fields of a record have 100 KiB each at most. */
const lineBytesMax = 512 * 1024;
