import { type Disk, type File, namesIn } from '../../../env/disk.ts';
import { ArchiveError } from '../../log.ts';
import { type LogEnd, readEnds } from '../recover/ends.ts';
import { segmentName } from '../segment.ts';
import type { ShardStates } from '../shard-state.ts';
import type { Link } from '../write/segment-writer.ts';
import { type ArchiveToRead, type CheckedArchive, type StreamFiles, streamFiles } from './stream-files.ts';
import type { WholeFrame } from './verify-chain.ts';
import type { Finding, Loss } from './verify-finding.ts';
import { type Beginning, readBeginning, type SegmentCheck, verifySegment } from './verify-segment.ts';
import { Shards } from './verify-shards.ts';

/** What there is to say about one stream's log. */
export type LogCheck = {
  readonly stream: string;
  /** Oldest first. */
  readonly segments: readonly CheckedSegment[];
  readonly archived: CheckedArchive;
  readonly frames: number;
  readonly records: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  readonly losses: readonly Loss[];
  /** How far the shards are, by all that can be read: also where records are missing. */
  readonly states: ShardStates;
  /** True when it cannot be told whether records of a shard are missing at its end. */
  isUncertain(shard: number): boolean;
};

export type CheckedSegment = {
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
  /** Undefined when nothing of it can be read. */
  readonly check: SegmentCheck | undefined;
  /** Where the shards are at its end. */
  readonly states: ShardStates;
};

/** What the check of a log tells while it is under way. */
type LogVisitor = {
  /** A segment is going to be read. */
  readonly onSegment?: (path: string, bytes: number) => void;
  /** A frame of records, a seal or a key that is whole and in its place. In order. */
  readonly onFrame?: (whole: WholeFrame) => void;
  /** All of a segment was read. */
  readonly onSegmentEnd?: (segment: CheckedSegment) => Promise<void>;
};

/**
 * Reads all of a stream's log, and changes nothing; of what is archived only that it is, unless its archive
 * is given. No directory is an empty log. Rejects with `NewerFormatError` when something in it is of a
 * version that is not known.
 */
export async function verifyLog(
  disk: Disk,
  parent: string,
  stream: string,
  visitor: LogVisitor = {},
  archive?: ArchiveToRead,
): Promise<LogCheck> {
  const directory = `${parent}/${stream}`;
  const files = await streamFiles(disk, stream, directory, archive);
  const pass = new Pass(files, stream, visitor);
  for (const [index, number] of files.numbers.entries()) {
    const next = files.numbers[index + 1];
    await pass.visit(directory, number, next);
  }
  const noted = (await readEnds(disk, parent, await namesIn(disk, parent)))?.get(stream);
  if (noted !== undefined) pass.requireEnd(directory, noted);
  return pass.result();
}

/** True when something is not as it was written. */
export function isDamaged({ findings }: Pick<LogCheck, 'findings'>): boolean {
  return findings.some(({ kind }) => kind === 'damage');
}

/** The way through a log, segment by segment. */
class Pass {
  readonly findings: Finding[];
  readonly #files: StreamFiles;
  readonly #stream: string;
  readonly #visitor: LogVisitor;
  readonly #shards = new Shards();
  readonly #keys = new Set<number>();
  readonly #segments: CheckedSegment[] = [];
  /** What the next segment must go on from. Undefined at the start, and behind what cannot be read. */
  #link: Link | undefined;

  constructor(files: StreamFiles, stream: string, visitor: LogVisitor) {
    this.#files = files;
    this.findings = [...files.findings];
    this.#link = files.before;
    this.#stream = stream;
    this.#visitor = visitor;
  }

  result(): LogCheck {
    const sum = (count: (segment: CheckedSegment) => number) =>
      this.#segments.reduce((total, segment) => total + count(segment), 0);
    return {
      stream: this.#stream,
      segments: this.#segments,
      archived: this.#files.archived,
      frames: sum(({ check }) => check?.frames ?? 0),
      records: sum(({ check }) => check?.records ?? 0),
      bytes: sum(({ bytes }) => bytes),
      findings: this.findings,
      losses: this.#shards.losses.all,
      states: this.#shards.states,
      isUncertain: (shard) => this.#shards.isUncertain(shard),
    };
  }

  /** `next` is the number of the segment after it. */
  async visit(directory: string, number: number, next: number | undefined): Promise<void> {
    const path = `${directory}/${segmentName(number)}`;
    const previous = this.#segments.at(-1);
    if (previous !== undefined && previous.number + 1 !== number) this.#loseThread();
    try {
      await this.#visitSegment(
        path,
        number,
        next === undefined ? undefined : `${directory}/${segmentName(next)}`,
      );
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.#damaged(path, error.message);
      this.#loseThread();
    }
  }

  async #visitSegment(path: string, number: number, nextPath: string | undefined): Promise<void> {
    await this.#files.read(path, async (file) => {
      const beginning = await readBeginning(file, path);
      this.#visitor.onSegment?.(path, beginning.bytes);
      const check = await this.#check(file, path, { number, beginning }, async () => {
        if (nextPath === undefined) return undefined;
        return this.#files.read(nextPath, (nextFile) => readBeginning(nextFile, nextPath));
      });
      this.findings.push(...(check?.findings ?? []));
      const states = new Map(this.#shards.states);
      const segment = { number, path, bytes: beginning.bytes, check, states };
      this.#segments.push(segment);
      await this.#visitor.onSegmentEnd?.(segment);
    });
  }

  /** As a start requires it. Which shards had more cannot be told. */
  requireEnd(directory: string, noted: LogEnd): void {
    const last = this.#segments.at(-1);
    if (last === undefined || last.number > noted.segment) return;
    const message = `the server was ended properly when the log had ${noted.bytes} bytes of segment ${noted.segment}.`;
    const torn = this.findings.findIndex(({ kind, path }) => kind === 'torn' && path === last.path);
    if (last.number < noted.segment) {
      const path = `${directory}/${segmentName(noted.segment)}`;
      this.findings.push({
        kind: 'damage',
        path,
        position: 0,
        message: `the segment is missing: ${message}`,
      });
    } else if (last.check === undefined || last.check.end >= noted.bytes) {
      return;
    } else {
      if (torn !== -1) this.findings.splice(torn, 1);
      this.findings.push({ kind: 'damage', path: last.path, position: last.check.end, message });
    }
    this.#shards.forget();
  }

  async #check(
    file: File,
    path: string,
    { number, beginning }: { readonly number: number; readonly beginning: Beginning },
    readNext: () => Promise<Beginning | undefined>,
  ): Promise<SegmentCheck | undefined> {
    const { header, epoch } = beginning;
    if (header === undefined) this.#damaged(path, 'the segment’s header cannot be read.');
    if (header !== undefined && (header.stream !== this.#stream || header.number !== number)) {
      this.#damaged(path, `segment ${header.number} of stream ${header.stream}, which does not belong here.`);
      return this.#loseThread();
    }
    if (epoch === undefined) return this.#loseThread();
    this.#requireContinuation(path, beginning);
    const check = await verifySegment(
      file,
      path,
      { ...beginning, epoch },
      {
        shards: this.#shards,
        keys: this.#keys,
        before: this.#link,
        next: await readNext(),
        onFrame: this.#visitor.onFrame ?? (() => {}),
      },
    );
    this.#link = check.link;
    return check;
  }

  #requireContinuation(path: string, { header }: Beginning): void {
    if (header === undefined || this.#link === undefined) return;
    const { chain, sequence } = this.#link;
    if (header.chain === chain && header.firstSequence === sequence + 1) return;
    this.#shards.forget();
    this.#damaged(path, 'the segment goes on from frames that are missing before it.');
  }

  /** What was here cannot be told. */
  #loseThread(): undefined {
    this.#link = undefined;
    this.#shards.forget();
    return undefined;
  }

  #damaged(path: string, message: string): void {
    this.findings.push({ kind: 'damage', path, position: 0, message });
  }
}
