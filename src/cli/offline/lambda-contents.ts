import { createHash, type Hash } from 'node:crypto';
import { recordsOf, type StoredBatch } from '../../kinesis/record.ts';
import type { Finding } from '../../log/embedded/verify/verify-finding.ts';
import { DamagedError, NewerFormatError } from '../../log/log.ts';
import { servicesDirectory } from '../../server/storage.ts';
import { failuresKey, pieceIn } from '../../services/lambda/failures/failure-log.ts';
import type { LambdaState } from '../../services/lambda/state/lambda-state.ts';

/** Looks at what was decrypted of a log, and says at its end what is wrong with it. */
export interface ContentCheck {
  /** Throws a `NewerFormatError` for what this program does not know. */
  take(batch: StoredBatch): void;
  /** What is wrong, in sentences, given all that there was. */
  end(): readonly string[];
}

/** What is to be looked at in a log that Lambda keeps beside its journal; undefined for any other log. */
export function lambdaContent(state: LambdaState, log: string): ContentCheck | undefined {
  if (log === failuresKey.stream) return new FailuresContent();
  for (const [key, { bytes, isWhole }] of state.entries('code')) {
    const [sha256, stream] = key.split('/');
    if (stream === log && isWhole) return new CodeContent(sha256!, bytes);
  }
  return undefined;
}

/** Code that functions have, and that is in no log. */
export function codeMissing(state: LambdaState, logs: readonly string[]): Finding[] {
  const there = new Set(logs);
  const missing = [...state.entries('code')].filter(([key, { bytes, isWhole }]) => {
    return isWhole && bytes > 0 && !there.has(key.split('/')[1]!);
  });
  return missing.map(([key]) => {
    const [sha256, stream] = key.split('/');
    const path = `${servicesDirectory}/${stream}`;
    return { kind: 'damage', path, position: 0, message: `the code with the hash ${sha256} is missing.` };
  });
}

class CodeContent implements ContentCheck {
  readonly #sha256: string;
  readonly #bytes: number;
  readonly #hash: Hash = createHash('sha256');
  #length = 0;

  constructor(sha256: string, bytes: number) {
    this.#sha256 = sha256;
    this.#bytes = bytes;
  }

  take(batch: StoredBatch): void {
    for (const { data } of recordsOf(batch)) {
      this.#hash.update(data);
      this.#length += data.length;
    }
  }

  end(): readonly string[] {
    if (this.#length === this.#bytes && this.#hash.digest('hex') === this.#sha256) return [];
    return [`this is not the code with the hash ${this.#sha256}, which was put there.`];
  }
}

class FailuresContent implements ContentCheck {
  readonly #messages: string[] = [];

  take(batch: StoredBatch): void {
    for (const { offset, data } of recordsOf(batch)) {
      try {
        pieceIn(data);
      } catch (error) {
        if (error instanceof NewerFormatError || !(error instanceof DamagedError)) throw error;
        this.#messages.push(`record ${offset}: ${error.message}.`);
      }
    }
  }

  end(): readonly string[] {
    return this.#messages;
  }
}
