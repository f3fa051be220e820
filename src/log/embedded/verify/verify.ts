import { type Disk, type File, namesIn, readWith } from '../../../env/disk.ts';
import { type LogEnd, readEnds } from '../recover/ends.ts';
import { segmentName, segmentNumber } from '../segment.ts';
import type { ShardStates } from '../shard-state.ts';
import { unfinished } from '../write/new-file.ts';
import type { Link } from '../write/segment-writer.ts';
import type { WholeFrame } from './verify-chain.ts';
import type { Finding, Loss } from './verify-finding.ts';
import { type Beginning, readBeginning, type SegmentCheck, verifySegment } from './verify-segment.ts';
import { Shards } from './verify-shards.ts';

/** What there is to say about one stream's log. */
export type LogCheck = {
  readonly stream: string;
  /** Oldest first. */
  readonly segments: readonly CheckedSegment[];
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
 * Reads all of a stream's log, and changes nothing. No directory is an empty log. Rejects with
 * `NewerFormatError` when something in it is of a version that is not known.
 */
export async function verifyLog(
  disk: Disk,
  parent: string,
  stream: string,
  visitor: LogVisitor = {},
): Promise<LogCheck> {
  const directory = `${parent}/${stream}`;
  const pass = new Pass(disk, stream, visitor);
  const numbers: number[] = [];
  for (const name of await namesIn(disk, directory)) {
    const number = segmentNumber(name);
    if (number !== undefined) numbers.push(number);
    else pass.findings.push(oddity(`${directory}/${name}`));
  }
  for (const number of missingFrom(numbers)) {
    const path = `${directory}/${segmentName(number)}`;
    pass.findings.push({ kind: 'damage', path, position: 0, message: 'the segment is missing.' });
  }
  for (const [index, number] of numbers.entries()) {
    const next = numbers[index + 1];
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

function oddity(path: string): Finding {
  return path.endsWith(`.log${unfinished}`)
    ? {
        kind: 'torn',
        path,
        position: 0,
        message: 'a segment that was never begun. The next start removes it.',
      }
    : { kind: 'note', path, position: 0, message: 'not a file of Millrace’s; it is left alone.' };
}

function missingFrom(numbers: readonly number[]): number[] {
  const [first] = numbers;
  const last = numbers.at(-1);
  if (first === undefined || last === undefined) return [];
  const there = new Set(numbers);
  return Array.from({ length: last - first }, (_, index) => first + index).filter((each) => !there.has(each));
}

/** The way through a log, segment by segment. */
class Pass {
  readonly findings: Finding[] = [];
  readonly #disk: Disk;
  readonly #stream: string;
  readonly #visitor: LogVisitor;
  readonly #shards = new Shards();
  readonly #keys = new Set<number>();
  readonly #segments: CheckedSegment[] = [];
  /** What the next segment must go on from. Undefined at the start, and behind what cannot be read. */
  #link: Link | undefined;

  constructor(disk: Disk, stream: string, visitor: LogVisitor) {
    this.#disk = disk;
    this.#stream = stream;
    this.#visitor = visitor;
  }

  result(): LogCheck {
    const sum = (count: (segment: CheckedSegment) => number) =>
      this.#segments.reduce((total, segment) => total + count(segment), 0);
    return {
      stream: this.#stream,
      segments: this.#segments,
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
    await readWith(this.#disk, path, async (file) => {
      const beginning = await readBeginning(file, path);
      this.#visitor.onSegment?.(path, beginning.bytes);
      const check = await this.#check(file, path, { number, beginning }, async () => {
        if (next === undefined) return undefined;
        const nextPath = `${directory}/${segmentName(next)}`;
        return readWith(this.#disk, nextPath, (nextFile) => readBeginning(nextFile, nextPath));
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
