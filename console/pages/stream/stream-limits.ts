import { limits as awsLimits } from '../../../src/kinesis/limits.ts';
import type { ApiRequest } from '../../code/request.ts';
import { wholeNumber } from '../streams/number-input.ts';
import type { StreamNamed } from './stream-requests.ts';

/**
 * What each shard of a stream takes and gives in a second, as PutStreamLimits has it; what is absent is not
 * said.
 */
export type LimitsSight = {
  readonly Enforced?: 'aws' | 'none';
  readonly WriteBytesPerSecond?: number;
  readonly WriteRecordsPerSecond?: number;
  readonly ReadBytesPerSecond?: number;
  readonly ReadsPerSecond?: number;
};

/** GetStreamLimits: what was said, and what holds by that; what is absent there is not limited. */
export type StreamLimitsAnswer = { readonly Limits: LimitsSight; readonly Effective: LimitsSight };

/** What a shard takes in a second. */
export type ShardLimits = { readonly records: number; readonly bytes: number };

/** The limits that use is measured by: AWS's where there are none. */
export function shardLimits(effective: LimitsSight | undefined): ShardLimits {
  return {
    records: effective?.WriteRecordsPerSecond ?? awsLimits.shardWriteRecordsPerSecond,
    bytes: effective?.WriteBytesPerSecond ?? awsLimits.shardWriteBytesPerSecond,
  };
}

export const limitNames = [
  'WriteRecordsPerSecond',
  'WriteBytesPerSecond',
  'ReadBytesPerSecond',
  'ReadsPerSecond',
] as const;

export type LimitName = (typeof limitNames)[number];

/** Limits as they are typed: empty for what is not said. */
export type TypedLimits = { readonly enforced: 'aws' | 'none' | '' } & Readonly<Record<LimitName, string>>;

/** Those that are no whole number from 1 on. */
export function wrongLimits(typed: TypedLimits): LimitName[] {
  return limitNames.filter((name) => typed[name].trim() !== '' && wholeNumber(typed[name], 1) === undefined);
}

/** None where it is so already. What is said takes the place of all that was said before. */
export function changeLimits({ name }: StreamNamed, now: LimitsSight, typed: TypedLimits): ApiRequest[] {
  const said: Record<string, string | number> = {};
  if (typed.enforced !== '') said['Enforced'] = typed.enforced;
  for (const limit of limitNames) {
    const value = wholeNumber(typed[limit], 1);
    if (value !== undefined) said[limit] = value;
  }
  const names = ['Enforced', ...limitNames] as const;
  if (names.every((limit) => said[limit] === now[limit])) return [];
  return [{ service: 'millrace', operation: 'PutStreamLimits', input: { StreamName: name, Limits: said } }];
}
