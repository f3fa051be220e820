import type { Stream } from '../../../kinesis/stream.ts';

/** Which streams a mapping's role may read. */
export interface SourceAccess {
  /**
   * The stream that a mapping's source names, or whose consumer it names. Throws `SourceError` where there is
   * none, or the role may not read it. Where signatures are not verified, everyone may.
   */
  find(source: string, role: string): FoundSource;
}

export type FoundSource = {
  readonly stream: Stream;
  /** As events have it: the ARN that the mapping was given. */
  readonly arn: string;
  /**
   * Throws `SourceError` when what is stored under one of these KMS keys (`keyArnsOf` in stream/read.ts) may
   * not be decrypted now, or not for the role. To be asked before a batch is handed on.
   */
  readonly requireKeys: (keyArns: readonly string[]) => void;
};

/** `message` is AWS's `LastProcessingResult` after `PROBLEM: `, and the text of the refusal at creation. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly reason: 'missing' | 'denied';

  constructor(message: string, reason: 'missing' | 'denied') {
    super(message);
    this.reason = reason;
  }
}
