import type { Millis } from '../../../env/clock.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { parseDestination } from '../failures/destination-arn.ts';
import { compileFilter } from '../filter/compile-filter.ts';
import { FilterError } from '../filter/record-filter.ts';
import type { MappingRecord } from '../state/lambda-state.ts';
import { createdMembers, namesOfOthers, updatedMembers } from './mapping-shapes.ts';

const created = structure('CreateEventSourceMappingRequest', createdMembers);
const updated = structure('UpdateEventSourceMappingRequest', updatedMembers);

export type CreatedMapping = TypeOf<typeof created>;
export type UpdatedMapping = TypeOf<typeof updated>;

/** What a request sets of a mapping; what it says nothing about is absent. */
export type MappingSettings = Pick<
  MappingRecord,
  | 'batchSize'
  | 'windowSeconds'
  | 'parallelization'
  | 'maximumAgeSeconds'
  | 'retries'
  | 'bisects'
  | 'tumblingSeconds'
  | 'reportsItemFailures'
  | 'countsEvents'
  | 'filters'
  | 'onFailure'
  | 'kmsKeyArn'
>;

/** What AWS sets where nothing is said (Lambda developer guide, "Kinesis parameters"). */
export const defaultSettings: MappingSettings = {
  batchSize: 100,
  windowSeconds: 0,
  parallelization: 1,
  maximumAgeSeconds: -1,
  retries: -1,
  bisects: false,
  tumblingSeconds: 0,
  reportsItemFailures: false,
  countsEvents: false,
  filters: [],
  onFailure: undefined,
  kmsKeyArn: undefined,
};

/**
 * The settings of a mapping to a stream once a request has changed them. InvalidParameterValueException for
 * what only other event sources have, and for what does not fit together.
 */
export function settingsAfter(before: MappingSettings, request: UpdatedSettings): MappingSettings {
  refuseOthers(request);
  const settings = {
    batchSize: request.BatchSize ?? before.batchSize,
    windowSeconds: request.MaximumBatchingWindowInSeconds ?? before.windowSeconds,
    parallelization: request.ParallelizationFactor ?? before.parallelization,
    maximumAgeSeconds: request.MaximumRecordAgeInSeconds ?? before.maximumAgeSeconds,
    retries: request.MaximumRetryAttempts ?? before.retries,
    bisects: request.BisectBatchOnFunctionError ?? before.bisects,
    tumblingSeconds: request.TumblingWindowInSeconds ?? before.tumblingSeconds,
    reportsItemFailures: hasAny(request.FunctionResponseTypes) ?? before.reportsItemFailures,
    countsEvents:
      hasAny(request.MetricsConfig && (request.MetricsConfig.Metrics ?? [])) ?? before.countsEvents,
    filters: filtersIn(request) ?? before.filters,
    onFailure: onFailureAfter(before.onFailure, request),
    kmsKeyArn: request.KMSKeyArn === undefined ? before.kmsKeyArn : request.KMSKeyArn || undefined,
  };
  requireFit(settings);
  return settings;
}

type UpdatedSettings = Omit<UpdatedMapping, 'UUID'> | CreatedMapping;

const hasAny = (list: readonly unknown[] | undefined) => list && list.length > 0;

/** As AWS names a member in its texts: `provisionedPollerConfig`. */
function refuseOthers(request: UpdatedSettings): void {
  const given = namesOfOthers.find((name) => isGiven(request, name));
  if (given !== undefined) throw unsupported(`${given[0]!.toLowerCase()}${given.slice(1)}`);
  if (request.DestinationConfig?.OnSuccess?.Destination) {
    throw invalidValue('Unsupported DestinationConfig parameter for given event source mapping type.');
  }
  const metric = request.MetricsConfig?.Metrics?.find((name) => name !== 'EventCount');
  if (metric !== undefined) throw unsupported(`metricsConfig.metrics.${metric}`);
}

/** Clients send empty lists and structures for what they have no value of, or want to have removed. */
function isGiven(request: object, name: string): boolean {
  const value: unknown = Reflect.get(request, name);
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** The text as recorded from AWS, of a window for Kafka. */
function unsupported(name: string) {
  return invalidValue(`Unsupported '${name}' parameter for given event source mapping type.`);
}

function filtersIn({ FilterCriteria }: UpdatedSettings): readonly string[] | undefined {
  if (FilterCriteria === undefined) return undefined;
  const filters = (FilterCriteria.Filters ?? []).map(({ Pattern = '' }) => Pattern);
  try {
    compileFilter(filters);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw invalidValue(error.message);
  }
  return filters;
}

function onFailureAfter(before: string | undefined, { DestinationConfig }: UpdatedSettings) {
  if (DestinationConfig?.OnFailure === undefined) return before;
  const { Destination } = DestinationConfig.OnFailure;
  if (!Destination) return undefined;
  if (parseDestination(Destination) === undefined) {
    throw invalidValue(`The destination ARN ${Destination} is invalid.`);
  }
  return Destination;
}

function requireFit({ parallelization, tumblingSeconds, maximumAgeSeconds }: MappingSettings): void {
  if (tumblingSeconds > 0 && parallelization > 1) {
    throw invalidValue('Parallelization factor must be equal to 1 when tumbling window period is configured');
  }
  if (maximumAgeSeconds !== -1 && maximumAgeSeconds < ageSecondsMin) {
    throw invalidValue(
      `Maximum record age in seconds must be -1, or at least ${ageSecondsMin} and at most 604800.`,
    );
  }
}

/** Lambda API reference, MaximumRecordAgeInSeconds. */
const ageSecondsMin = 60;

/**
 * Where a new mapping begins. The texts about times are those of GetShardIterator, which AWS puts into its
 * own: it has tried to read by then.
 */
export function startOf(request: CreatedMapping, now: Millis): MappingRecord['start'] {
  const { StartingPosition: kind, StartingPositionTimestamp: at } = request;
  if (kind === undefined) {
    throw invalidValue(
      "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: " +
        'Member must not be null.',
    );
  }
  if (kind !== 'AT_TIMESTAMP') {
    if (at === undefined) return { kind };
    throw invalidValue('Timestamp only valid with StartingPosition AT_TIMESTAMP');
  }
  if (at === undefined) {
    throw unreadable(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. ' +
        'Current request has no timestamp parameter.',
    );
  }
  if (at > now) {
    throw unreadable(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${Math.trunc(at)}, currentTimestampInMillis: ${now}`,
    );
  }
  if (at < 0) throw unreadable('class java.lang.Long can not be converted to a Timestamp');
  return { kind, at };
}

function unreadable(why: string) {
  return invalidValue(`Received Exception while reading from provided stream. ${why}`);
}
