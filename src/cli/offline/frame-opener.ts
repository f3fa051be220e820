import { type KeyCipher, keyIdIn } from '../../access/keys/key-cipher.ts';
import type { KeysState } from '../../access/keys/state.ts';
import { contextOf } from '../../access/keys/stream-keys.ts';
import type { Stream } from '../../kinesis/stream.ts';
import { DataKey, type WrappedKey } from '../../log/data-keys.ts';
import { frameKinds } from '../../log/embedded/format/frame.ts';
import { decodeKey } from '../../log/embedded/format/key.ts';
import type { WholeFrame } from '../../log/embedded/verify/verify-chain.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { decryptBatch } from '../../log/encryption.ts';
import { DamagedError, KeyError } from '../../log/log.ts';

/** What came of decrypting the frames of a stream. */
export type OpenedFrames = {
  readonly encrypted: number;
  readonly decrypted: number;
  /** Why the others could not be, each reason once. */
  readonly keysMissing: readonly string[];
};

/** Decrypts every frame of a stream, to see that it can be, and that it is what was encrypted. */
export class FrameOpener {
  readonly findings: Finding[] = [];
  readonly #keys: KeysState;
  readonly #cipher: KeyCipher;
  readonly #stream: Stream;
  /** By id, in the segment that is read now: the key, or why it cannot be had. */
  readonly #opened = new Map<number, { readonly key: WrappedKey; readonly secret: DataKey | string }>();
  readonly #missing = new Set<string>();
  #path = '';
  #encrypted = 0;
  #decrypted = 0;

  /** `keys` are the built-in KMS's, whatever their status is. */
  constructor(keys: KeysState, cipher: KeyCipher, stream: Stream) {
    this.#keys = keys;
    this.#cipher = cipher;
    this.#stream = stream;
  }

  get result(): OpenedFrames {
    return { encrypted: this.#encrypted, decrypted: this.#decrypted, keysMissing: [...this.#missing] };
  }

  /** A segment is going to be read. */
  beginSegment(path: string): void {
    this.#path = path;
    this.#opened.clear();
  }

  take({ frame, payload, position }: WholeFrame): void {
    const { encryption, shard, first, count, arrival } = frame;
    if (encryption === undefined) return;
    if (frame.kind === frameKinds.key) {
      const key = decodeKey(encryption.keyId, payload);
      this.#opened.set(key.id, { key, secret: this.#open(key) });
      return;
    }
    this.#encrypted += 1;
    const opened = this.#opened.get(encryption.keyId);
    if (opened === undefined) return;
    const { key, secret } = opened;
    if (typeof secret === 'string') {
      this.#missing.add(secret);
      return;
    }
    try {
      const place = { stream: this.#stream.id, shard };
      const batch = { first, count, arrival, bytes: payload };
      decryptBatch(batch, secret, { key, tag: encryption.tag }, place);
      this.#decrypted += 1;
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error;
      this.findings.push({ kind: 'damage', path: this.#path, position, message: error.message });
    }
  }

  #open(key: WrappedKey): DataKey | string {
    const id = keyIdIn(key.wrapped);
    const found = id === undefined ? undefined : this.#keys.keys.get(id);
    if (found === undefined) return `${key.arn} is not in the journal of keys`;
    try {
      const secret = this.#cipher.decrypt(found, key.wrapped, contextOf(this.#stream));
      if (secret === undefined) return `${key.arn} has not wrapped a data key for this stream`;
      return new DataKey(key, secret);
    } catch (error) {
      if (error instanceof KeyError) return `${key.arn}: ${error.message}`;
      throw error;
    }
  }
}
