import type { Millis } from '../../src/env/clock.ts';
import type { SeededRandom } from '../random.ts';
import type { MappingSettings, MappingStart } from './mapping-model.ts';

/** Draws all that a mapping can be told. */
export function drawSettings(random: SeededRandom): MappingSettings {
  const TumblingWindowInSeconds = random.pick([0, 0, 0, 1, 2]);
  return {
    ...drawChange(random, { TumblingWindowInSeconds }),
    TumblingWindowInSeconds,
    FunctionResponseTypes: random.chance(0.4) ? ['ReportBatchItemFailures'] : [],
    prefix: random.chance(0.2) ? `r${random.between(1, 9)}` : undefined,
  };
}

/** Draws what may be changed later. With windows there is one lane, as at AWS. */
export function drawChange(
  random: SeededRandom,
  { TumblingWindowInSeconds: window }: Pick<MappingSettings, 'TumblingWindowInSeconds'>,
) {
  return {
    BatchSize: random.pick([1, 3, 10, 10, 100]),
    MaximumBatchingWindowInSeconds: random.pick([0, 0, 0, 1]),
    ParallelizationFactor: window > 0 ? 1 : random.pick([1, 1, 2, 3, 10]),
    BisectBatchOnFunctionError: random.chance(0.5),
    MaximumRetryAttempts: random.pick([-1, 0, 1, 2, 4]),
    MaximumRecordAgeInSeconds: random.pick([-1, -1, 60, 3600]),
  };
}

export function drawStart(random: SeededRandom, now: Millis): MappingStart {
  const kind = random.pick(['TRIM_HORIZON', 'TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] as const);
  if (kind !== 'AT_TIMESTAMP') return { kind };
  return { kind, at: now - random.between(0, 1_000) };
}

/** As CreateEventSourceMapping has them. */
export function inputOf({ prefix, ...settings }: MappingSettings, start: MappingStart): object {
  const pattern = JSON.stringify({ data: [{ prefix }] });
  return {
    ...settings,
    StartingPosition: start.kind,
    ...(start.kind === 'AT_TIMESTAMP' && { StartingPositionTimestamp: start.at / 1000 }),
    ...(prefix !== undefined && { FilterCriteria: { Filters: [{ Pattern: pattern }] } }),
  };
}

/** Whether a mapping's filter lets data in. */
export function letsIn({ prefix = '' }: MappingSettings, data: string): boolean {
  return data.startsWith(prefix);
}
