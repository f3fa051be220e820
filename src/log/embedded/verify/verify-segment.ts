import type { File } from '../../../env/disk.ts';
import { recordEnd, recordHeaderBytes } from '../../../kinesis/record.ts';
import { type Epoch, readEpoch } from '../format/epoch.ts';
import { epochAt, type Frame, frameKinds } from '../format/frame.ts';
import { decodeSegmentHeader, type SegmentHeader, segmentHeaderBytes } from '../format/segment-header.ts';
import { readFooter } from '../read/footer-reader.ts';
import { findProof, startBytes } from '../recover/scan.ts';
import { decodeShardStates, type ShardState, type ShardStates } from '../shard-state.ts';
import { firstLink, type Link } from '../write/segment-writer.ts';
import { Chain, type Verdict, type WholeFrame } from './verify-chain.ts';
import type { Finding } from './verify-finding.ts';
import { FooterTest } from './verify-footer.ts';
import { Keys } from './verify-keys.ts';
import { type Piece, piecesOf } from './verify-piece.ts';
import type { Shards } from './verify-shards.ts';

/** How a segment begins, as far as it can be read. */
export type Beginning = {
  readonly bytes: number;
  /** Undefined when it is damaged. */
  readonly header: SegmentHeader | undefined;
  /**
   * The header's, or else the first frame's. Undefined when neither can be read: then nothing of the segment
   * can.
   */
  readonly epoch: Epoch | undefined;
};

/** What was counted, and what was found. */
export type SegmentCheck = {
  frames: number;
  records: number;
  /** Where the shards stood when it began; undefined when that cannot be read. */
  checkpoint: ShardStates | undefined;
  /** Where shards stood before the first whole frame of theirs. */
  readonly firsts: Map<number, ShardState>;
  /** The link of its footer: what the next segment goes on from. */
  link: Link;
  /** What is checked ends here; what follows is torn. */
  end: number;
  readonly findings: Finding[];
};

/**
 * Reads the first bytes. The checkpoint is at its place and has a checksum of its own, so it can stand in for
 * the header.
 */
export async function readBeginning(file: File, path: string): Promise<Beginning> {
  const bytes = Buffer.alloc(startBytes);
  const length = await file.read(bytes, 0);
  const header = decodeSegmentHeader(bytes.subarray(0, length), path);
  const epoch = header?.epoch ?? (await epochOfCheckpoint(file, path, bytes));
  return { bytes: await file.size(), header, epoch };
}

async function epochOfCheckpoint(file: File, path: string, bytes: Buffer): Promise<Epoch | undefined> {
  const epoch = readEpoch(bytes, segmentHeaderBytes + epochAt);
  for await (const piece of piecesOf(file, { epoch, path }, segmentHeaderBytes, await file.size())) {
    return piece.frame?.kind === frameKinds.checkpoint ? epoch : undefined;
  }
  return undefined;
}

/**
 * Reads all frames of a segment and enters them in `shards`. `next` is how the segment after it begins, if
 * there is one.
 */
export async function verifySegment(
  file: File,
  path: string,
  beginning: Beginning & { readonly epoch: Epoch },
  context: {
    readonly shards: Shards;
    /** The keys that were met so far. */
    readonly keys: Set<number>;
    readonly before: Link | undefined;
    readonly next: Beginning | undefined;
    readonly onFrame: (whole: WholeFrame) => void;
  },
): Promise<SegmentCheck> {
  const source = { epoch: beginning.epoch, path };
  const footer = await readFooter(file, source);
  const torn = footer === undefined ? await findTorn(file, path, beginning, context) : undefined;
  const visit = new Visit(path, beginning, context, footer?.payload);
  visit.check.end = torn?.position ?? beginning.bytes;
  if (torn !== undefined && torn.position < beginning.bytes) visit.check.findings.push(torn);
  for await (const piece of piecesOf(file, source, segmentHeaderBytes, visit.check.end)) {
    visit.take(piece);
    if (piece.position === footer?.position) break;
  }
  visit.finish();
  return visit.check;
}

/** One pass over a segment. */
class Visit {
  readonly check: SegmentCheck;
  readonly #path: string;
  readonly #chain: Chain;
  readonly #shards: Shards;
  readonly #keys: Keys;
  readonly #footer: FooterTest | undefined;
  readonly #onFrame: (whole: WholeFrame) => void;

  constructor(
    path: string,
    beginning: Beginning,
    context: Parameters<typeof verifySegment>[3],
    footer: Buffer | undefined,
  ) {
    this.#path = path;
    this.#chain = startChain(beginning, context.before);
    this.#shards = context.shards;
    this.#keys = new Keys(context.keys);
    this.#footer = footer === undefined ? undefined : new FooterTest(footer);
    this.#onFrame = context.onFrame;
    const { link } = this.#chain;
    this.check = {
      frames: 0,
      records: 0,
      checkpoint: undefined,
      firsts: new Map(),
      link,
      end: 0,
      findings: [],
    };
  }

  take(piece: Piece): void {
    const verdict = this.#chain.judge(piece);
    this.check.link = this.#chain.link;
    if (verdict.kind === 'whole') this.#takeFrame(verdict.whole);
    else this.#takeDamage(piece, verdict);
  }

  finish(): void {
    if (this.check.findings.some(({ kind }) => kind === 'damage') || this.#footer === undefined) return;
    if (!this.#footer.isRight) this.#damaged(this.check.end, 'the footer contradicts the frames before it.');
  }

  #takeFrame(whole: WholeFrame): void {
    this.check.frames += 1;
    const wrong = this.#wrongAbout(whole);
    if (wrong !== undefined) this.#damaged(whole.position, wrong);
  }

  #wrongAbout(whole: WholeFrame): string | undefined {
    if (whole.frame.kind === frameKinds.key) return this.#takeKey(whole);
    return isOfShard(whole.frame) ? this.#takeRecords(whole) : this.#takeStates(whole);
  }

  #takeKey(whole: WholeFrame): string | undefined {
    if (whole.frame.encryption === undefined) return 'the frame holds a key and does not say which.';
    this.#keys.admit(whole.frame.encryption.keyId);
    this.#footer?.admitKey(whole);
    this.#onFrame(whole);
    return undefined;
  }

  /** Records or a seal. Answers what is wrong, as `#takeStates` does. */
  #takeRecords(whole: WholeFrame): string | undefined {
    const { frame, position, payload } = whole;
    const wrong = this.#shards.admit(frame, this.#keys.opens(frame));
    if (wrong !== undefined) return `${describe(frame)}: the frame ${wrong}.`;
    if (frame.watermark > position) return 'the frame says that bytes behind it were there before it.';
    if (frame.kind === frameKinds.records) {
      if (this.#keys.misses(frame)) this.#damaged(position, missingKey(frame));
      if (!this.#keys.opens(frame)) return undefined;
      if (!isSplitInto(payload, frame)) return 'the frame does not hold the records that it counts.';
      this.check.records += frame.count;
      this.#footer?.admit(whole);
    }
    const { shard, first, arrival } = frame;
    const { firsts } = this.check;
    if (!firsts.has(shard)) firsts.set(shard, { shard, next: first, lastArrival: arrival, sealed: false });
    this.#onFrame(whole);
    return undefined;
  }

  /** A checkpoint is a segment's first frame, a footer its last. */
  #takeStates({ frame, position, payload }: WholeFrame): string | undefined {
    const isCheckpoint = frame.kind === frameKinds.checkpoint;
    if (isCheckpoint !== (position === segmentHeaderBytes)) return 'the frame is out of its place.';
    const { states } = decodeShardStates(payload);
    if (isCheckpoint) this.check.checkpoint = states;
    const wrong = this.#shards.compare(states).join(', ');
    return wrong === '' ? undefined : `${describe(frame)} contradicts the frames before it about ${wrong}.`;
  }

  #takeDamage(piece: Piece, verdict: Exclude<Verdict, { kind: 'whole' }>): void {
    const { position, end } = piece;
    if (verdict.kind === 'payload') {
      if (isOfShard(verdict.frame)) this.#shards.admit(verdict.frame, false);
      this.#damaged(position, `${describe(verdict.frame)}: what the frame holds is not what was written.`);
      return;
    }
    this.#shards.forget();
    const what =
      verdict.kind === 'misplaced'
        ? `${describe(piece.frame!)}: the frame does not follow from the one before.`
        : `no frame can be read in the ${end - position} bytes from here on.`;
    this.#damaged(position, what);
  }

  #damaged(position: number, message: string): void {
    this.check.findings.push({ kind: 'damage', path: this.#path, position, message });
  }
}

/**
 * A damaged header leaves open which frame is the first; whatever comes then is tied to what was before by
 * its sequence.
 */
function startChain({ header }: Beginning, before: Link | undefined): Chain {
  if (header !== undefined) return new Chain({ chain: header.crc, sequence: header.firstSequence }, false);
  const sequence = before === undefined ? firstLink.sequence : before.sequence + 1;
  return new Chain({ chain: 0, sequence }, true);
}

/**
 * Where a segment without a whole footer ends, when all that is missing is what was never acknowledged: the
 * next one goes on from there, or there is none and no frame vouches for what follows. Undefined when
 * acknowledged records are damaged.
 */
async function findTorn(
  file: File,
  path: string,
  beginning: Beginning & { readonly epoch: Epoch },
  { before, next }: { readonly before: Link | undefined; readonly next: Beginning | undefined },
): Promise<Finding | undefined> {
  const source = { epoch: beginning.epoch, path };
  const chain = startChain(beginning, before);
  let end = segmentHeaderBytes;
  for await (const piece of piecesOf(file, source, end, beginning.bytes)) {
    if (piece.frame?.kind === frameKinds.footer || chain.judge(piece).kind !== 'whole') break;
    end = piece.end;
  }
  if (end === segmentHeaderBytes) return undefined;
  if (next !== undefined) {
    const { header } = next;
    const isContinued =
      header?.chain === chain.link.chain && header.firstSequence === chain.link.sequence + 1;
    const message = 'the footer is not whole. The next start writes it anew; nothing else is missing.';
    return isContinued ? { kind: 'torn', path, position: end, message } : undefined;
  }
  const message = `${beginning.bytes - end} bytes of a round that was never acknowledged, as far as can be told. The next start cuts them off.`;
  const proof = await findProof(file, { ...source, end });
  return proof === undefined ? { kind: 'torn', path, position: end, message } : undefined;
}

function isOfShard({ kind }: Frame): boolean {
  return kind === frameKinds.records || kind === frameKinds.seal;
}

function missingKey({ encryption, ...frame }: Frame): string {
  return `${describe(frame)}: their key ${encryption!.keyId} is missing in the segment.`;
}

function describe({ kind, shard, first, count, encryption }: Frame): string {
  if (kind === frameKinds.key) return `key ${encryption?.keyId}`;
  if (kind === frameKinds.records) return `records ${first} to ${first + count - 1} of shard ${shard}`;
  if (kind === frameKinds.seal) return `the seal of shard ${shard}`;
  return kind === frameKinds.checkpoint ? 'the checkpoint' : 'the footer';
}

/**
 * True when the payload is as many records as the frame says, back to back (record.ts has the layout), or
 * encrypted: its checksum is right, and more is not known without the key.
 */
function isSplitInto(payload: Buffer, { count, encryption }: Frame): boolean {
  if (encryption !== undefined) return true;
  let at = 0;
  let found = 0;
  for (; at + recordHeaderBytes <= payload.length; found++) at = recordEnd(payload, at);
  return at === payload.length && found === count;
}
