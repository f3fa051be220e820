import type { CatalogState } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { limits } from '../../../kinesis/limits.ts';
import { openShards, type Stream, type StreamMode } from '../../../kinesis/stream.ts';
import { integer, structure } from '../../../wire/shape.ts';
import { invalidRequest } from '../errors.ts';
import { isCommitted, type Scope } from './commitment.ts';

export const warmThroughput = structure('WarmThroughputObject', {
  TargetMiBps: integer({ min: 0 }),
  CurrentMiBps: integer({ min: 0 }),
});

/** ValidationException unless on-demand, the account committed and the target at most 10 GiB/s. */
export function requireWarmth(
  state: CatalogState,
  scope: Scope,
  mode: StreamMode,
  target: number,
  now: Millis,
): void {
  if (mode !== 'ON_DEMAND')
    throw invalidRequest('Warm throughput can only be set for streams in ON_DEMAND mode.');
  if (!isCommitted(state, scope, now)) {
    throw invalidRequest(
      'Warm throughput requires MinimumThroughputBillingCommitment to be ENABLED for the account.',
    );
  }
  if (target > limits.warmMiBpsMax) {
    throw invalidRequest(`Warm throughput cannot be more than ${limits.warmMiBpsMax} MiBps.`);
  }
}

/** What a stream is kept ready for, and what it takes now: 1 MiB/s for each shard. */
export function viewWarmth(stream: Stream): { TargetMiBps: number; CurrentMiBps: number } {
  const current = openShards(stream).length;
  return { TargetMiBps: stream.warmMiBps ?? current, CurrentMiBps: current };
}
