import type { StoredBatch } from '../../kinesis/record.ts';
import type { DataKey, WrappedKey } from '../../log/data-keys.ts';
import { type FrameEncryption, frameKinds } from '../../log/embedded/format/frame.ts';
import { decodeKey } from '../../log/embedded/format/key.ts';
import type { WholeFrame } from '../../log/embedded/verify/verify-chain.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { inPlain } from '../../log/encrypted-engine.ts';
import { decryptBatch } from '../../log/encryption.ts';
import { DamagedError, type ShardKey } from '../../log/log.ts';

/** What came of decrypting the frames of a stream. */
export type OpenedFrames = {
  readonly encrypted: number;
  readonly decrypted: number;
  /** Why the others could not be, each reason once. */
  readonly keysMissing: readonly string[];
};

/**
 * Finds the data key in a wrapping. A text says why it cannot be had. Throws `DamagedError` when nothing can
 * have it.
 */
export type KeyOpener = (key: WrappedKey) => DataKey | string;

/** Decrypts every frame of a stream, to see that it can be, and that it is what was encrypted. */
export class FrameOpener {
  readonly findings: Finding[] = [];
  readonly #stream: string;
  readonly #open: KeyOpener;
  readonly #isAllEncrypted: boolean;
  /** By id, in the segment that is read now: the key, or why it cannot be had. */
  readonly #opened = new Map<number, { readonly key: WrappedKey; readonly secret: DataKey | string }>();
  readonly #missing = new Set<string>();
  #path = '';
  #encrypted = 0;
  #decrypted = 0;

  /** Where all is encrypted, records in plain are damage. */
  constructor(stream: string, open: KeyOpener, isAllEncrypted = false) {
    this.#stream = stream;
    this.#open = open;
    this.#isAllEncrypted = isAllEncrypted;
  }

  get result(): OpenedFrames {
    return { encrypted: this.#encrypted, decrypted: this.#decrypted, keysMissing: [...this.#missing] };
  }

  /** A segment is going to be read. */
  beginSegment(path: string): void {
    this.#path = path;
    this.#opened.clear();
  }

  /** Answers what was decrypted of it. */
  take(whole: WholeFrame): readonly StoredBatch[] {
    const { encryption, kind } = whole.frame;
    if (encryption !== undefined) return this.#take(whole, encryption);
    if (kind === frameKinds.records && this.#isAllEncrypted)
      this.#note(whole, inPlain(whole.frame, this.#place(whole)));
    return [];
  }

  #take(whole: WholeFrame, encryption: FrameEncryption): readonly StoredBatch[] {
    const { frame, payload } = whole;
    if (frame.kind === frameKinds.key) {
      this.#noted(whole, () => {
        const key = decodeKey(encryption.keyId, payload);
        this.#opened.set(key.id, { key, secret: this.#open(key) });
      });
      return [];
    }
    this.#encrypted += 1;
    const opened = this.#opened.get(encryption.keyId);
    if (opened === undefined) return [];
    const { key, secret } = opened;
    if (typeof secret === 'string') {
      this.#missing.add(secret);
      return [];
    }
    const batches: StoredBatch[] = [];
    this.#noted(whole, () => {
      const { first, count, arrival } = frame;
      const batch = { first, count, arrival, bytes: payload };
      batches.push(...decryptBatch(batch, secret, { key, tag: encryption.tag }, this.#place(whole)));
      this.#decrypted += 1;
    });
    return batches;
  }

  #noted(whole: WholeFrame, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.#note(whole, error);
    }
  }

  #note({ position }: WholeFrame, { message }: DamagedError): void {
    this.findings.push({ kind: 'damage', path: this.#path, position, message });
  }

  #place({ frame: { shard } }: WholeFrame): ShardKey {
    return { stream: this.#stream, shard };
  }
}
