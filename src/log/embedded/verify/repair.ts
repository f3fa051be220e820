import { type Disk, namesIn } from '../../../env/disk.ts';
import type { WrappedKey } from '../../data-keys.ts';
import { archiveNoteName } from '../archive/archive-note.ts';
import { defaultOptions, type EngineEnv, EngineParts } from '../engine-parts.ts';
import { frameKinds } from '../format/frame.ts';
import { decodeKey } from '../format/key.ts';
import { segmentNumber } from '../segment.ts';
import { type ShardState, type ShardStates, stateAfter, untouched } from '../shard-state.ts';
import { createSegment } from '../write/open-segment.ts';
import type { NewFrame } from '../write/round.ts';
import { firstLink, type Link } from '../write/segment-writer.ts';
import { copyDirectory, copyFile } from './copy.ts';
import { type CheckedSegment, isDamaged, type LogCheck, verifyLog } from './verify.ts';
import type { WholeFrame } from './verify-chain.ts';

/**
 * Copies a log to another disk, under the same name, without what is damaged. A sound log is copied byte by
 * byte. Of a damaged one the segments before the damage are copied so; what follows is written anew, each
 * shard up to its first record that is missing: a shard has no gaps. Answers where the shards of the copy
 * stand. `check` is the check of the log as it is.
 */
export async function repairLog(
  from: Disk,
  to: EngineEnv,
  parent: string,
  check: LogCheck,
): Promise<ShardStates> {
  const directory = `${parent}/${check.stream}`;
  if (!isDamaged(check)) {
    const names = (await namesIn(from, directory)).filter(
      (name) => segmentNumber(name) !== undefined || name === archiveNoteName,
    );
    if (names.length > 0) await copyDirectory(from, to.disk, directory, names);
    return check.states;
  }
  await to.disk.createDirectory(directory);
  const engine = new EngineParts(to, parent, defaultOptions);
  const copy = new Copy(from, engine, check);
  await verifyLog(from, parent, check.stream, {
    onFrame: (whole) => copy.takeFrame(whole),
    onSegmentEnd: (segment) => copy.takeSegment(segment),
  });
  await engine.files.close();
  if (keepsArchive(check)) await copyFile(from, to.disk, `${directory}/${archiveNoteName}`);
  await to.disk.syncDirectory(directory);
  return copy.kept;
}

/**
 * Whether the copy goes on from what is archived: where the shards stood then, the first segment on the disk
 * says. Without that the archived ones are left out, as if they were trimmed.
 */
export function keepsArchive(check: LogCheck): boolean {
  if (check.archived.segments === 0) return false;
  return !isDamaged(check) || firstDamaged(check) > check.archived.last + 1;
}

/** The number of the first segment that something is wrong with. */
function firstDamaged({ findings }: LogCheck): number {
  const numbers = findings
    .filter(({ kind }) => kind === 'damage')
    .map(({ path }) => segmentNumber(path.slice(path.lastIndexOf('/') + 1)) ?? 0);
  return Math.min(...numbers);
}

/** A copy in the making. It follows a check of the original. */
class Copy {
  readonly kept: Map<number, ShardState>;
  readonly #from: Disk;
  readonly #engine: EngineParts;
  readonly #stream: string;
  readonly #firstDamaged: number;
  readonly #keys = new Map<number, WrappedKey>();
  /** The frames of the segment that is being read. */
  #frames: NewFrame[] = [];
  #link: Link = firstLink;
  /** The number of the segment that is written next, once there is one. */
  #number: number | undefined;

  constructor(from: Disk, engine: EngineParts, check: LogCheck) {
    this.#from = from;
    this.#engine = engine;
    this.#stream = check.stream;
    this.#firstDamaged = firstDamaged(check);
    const hasSound = check.segments.some(({ number }) => number < this.#firstDamaged);
    this.kept = hasSound ? new Map() : beginningsOf(check);
  }

  takeFrame({ frame, payload }: WholeFrame): void {
    const { kind, shard, count, first, arrival, encryption } = frame;
    if (kind === frameKinds.key) {
      this.#keys.set(encryption!.keyId, decodeKey(encryption!.keyId, payload));
      return;
    }
    // Encrypted records are copied as they are: their tag does not depend on the file.
    const key = encryption === undefined ? undefined : this.#keys.get(encryption.keyId)!;
    const content = { kind, shard, count, first, arrival, encryption, key };
    this.#frames.push({ ...content, payload: [Buffer.from(payload)], payloadBytes: payload.length });
  }

  async takeSegment(segment: CheckedSegment): Promise<void> {
    const frames = this.#frames.splice(0);
    if (segment.check === undefined) return;
    if (segment.number < this.#firstDamaged) await this.#copyWhole(segment);
    else await this.#writeAnew(segment, frames);
  }

  async #copyWhole({ path, number, check, states }: CheckedSegment): Promise<void> {
    await copyFile(this.#from, this.#engine.env.disk, path);
    for (const state of states.values()) this.kept.set(state.shard, state);
    this.#number = number + 1;
    this.#link = nextLink(check!.link);
  }

  async #writeAnew(segment: CheckedSegment, frames: readonly NewFrame[]): Promise<void> {
    const number = this.#number ?? segment.number;
    const directory = `${this.#engine.directory}/${this.#stream}`;
    const place = { stream: this.#stream, directory, number, link: this.#link };
    const writer = await createSegment(this.#engine, { ...place, states: new Map(this.kept) });
    let waiting: NewFrame[] = [];
    let bytes = 0;
    for (const frame of frames) {
      if (!this.#keep(frame)) continue;
      waiting.push(frame);
      bytes += frame.payloadBytes;
      if (bytes < roundBytes) continue;
      await writer.append(waiting);
      waiting = [];
      bytes = 0;
    }
    waiting.push(...this.#lostSeals(segment.states));
    if (waiting.length > 0) await writer.append(waiting);
    await writer.finish(this.kept);
    this.#number = number + 1;
    this.#link = writer.link;
  }

  /** True when a frame goes on from what was kept of its shard. */
  #keep(frame: NewFrame): boolean {
    const state = this.kept.get(frame.shard) ?? untouched(frame.shard);
    if (frame.first !== state.next || state.sealed) return false;
    this.kept.set(frame.shard, stateAfter(state, frame));
    return true;
  }

  /** A shard that lost nothing but its seal gets another. */
  #lostSeals(known: ShardStates): NewFrame[] {
    const seals = [...known.values()]
      .filter(({ shard, next, sealed }) => sealed && (this.kept.get(shard)?.next ?? 0) === next)
      .map(({ shard, next }): NewFrame => {
        const arrival = this.#engine.env.clock.now();
        const content = { kind: frameKinds.seal, shard, count: 0, first: next, arrival };
        return { ...content, payload: [], payloadBytes: 0 };
      });
    return seals.filter((seal) => this.#keep(seal));
  }
}

/** A segment's link is that of its footer: what comes next follows it. */
function nextLink({ chain, sequence }: Link): Link {
  return { chain, sequence: sequence + 1 };
}

/**
 * Where the shards of a copy begin in which nothing precedes the damage: before the first frame that is
 * whole, as if what came before were trimmed; without any, where they end.
 */
function beginningsOf({ segments, states }: LogCheck): Map<number, ShardState> {
  const beginnings = new Map(states);
  for (const { check } of segments.toReversed()) {
    for (const [shard, first] of check?.firsts ?? []) beginnings.set(shard, first);
  }
  return beginnings;
}

const roundBytes = 4 * 1024 * 1024;
