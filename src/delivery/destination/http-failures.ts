import { bufferOf } from '../../env/buffer-of.ts';
import type { FormattedRequest } from '../formatter/chunk-setting.ts';
import type { HttpOutcome } from './http-endpoint.ts';

/**
 * Records that an endpoint did not take, as lines of JSON, each with its end of line, a buffer for each piece
 * that they were in: AWS's account of them, as of other errors.
 */
export function* failedLines(
  { bytes, arrivals }: Pick<FormattedRequest, 'bytes' | 'arrivals'>,
  { attempts, code, message, endedAt }: Extract<HttpOutcome, { kind: 'failed' }>,
): Generator<{ readonly lines: Buffer; readonly records: number }> {
  let nth = 0;
  for (const piece of bytes) {
    const lines: string[] = [];
    for (const [, rawData] of bufferOf(piece)
      .toString('latin1')
      .matchAll(/"data":"([^"]*)"/g)) {
      const document = {
        attemptsMade: attempts,
        arrivalTimestamp: arrivals[nth++],
        errorCode: code,
        errorMessage: message,
        attemptEndingTimestamp: endedAt,
        rawData,
      };
      lines.push(`${JSON.stringify(document)}\n`);
    }
    yield { lines: Buffer.from(lines.join('')), records: lines.length };
  }
}
