import { DamagedError, NewerFormatError } from '../../../log/log.ts';
import { rpcCbor } from '../../../wire/cbor/rpc-cbor.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import {
  boolean,
  double,
  integer,
  list,
  long,
  required,
  string,
  structure,
  type TypeOf,
} from '../../../wire/shape.ts';
import { validate } from '../../../wire/validate.ts';
import type { MetricName } from './metric.ts';
import type { Datum, SeriesSamples } from './metrics.ts';
import type { Sample, TimedSample } from './sample.ts';

/**
 * A record of the metrics' logs, in CBOR. The log of the minutes has data as they were put, and pages of
 * snapshots; that of the five minutes has pages of what was moved there.
 *
 *   { Format: 1, Put: [series …] }
 *   { Format: 1, Page: { Index, IsLast, Until, Past, Series: [series …] } }
 *
 * A series says which metric, in which unit, and its samples as five numbers each: time in milliseconds,
 * count, sum, minimum, maximum. The values of a sample, where they are known, are in `Spreads`.
 */
export type MetricRecord =
  | { readonly kind: 'put'; readonly series: readonly SeriesSamples[] }
  | ({ readonly kind: 'page'; readonly series: readonly SeriesSamples[] } & Page);

/**
 * A page of several that count only all together, from index 0 to the last one. Once that is there,
 * everything that was put into the log of the minutes before the offset `past`, for times before `until`, is
 * in the log of the five minutes. In a snapshot the two are 0.
 */
export type Page = {
  readonly index: number;
  readonly isLast: boolean;
  readonly until: number;
  readonly past: number;
};

const format = 1;

const spread = structure('Spread', { At: required(integer({ min: 0 })), Pairs: required(list(double())) });

const series = structure('Series', {
  Account: required(string()),
  Region: required(string()),
  Namespace: required(string()),
  Name: required(string()),
  /** Names and values in turn. */
  Dimensions: required(list(string())),
  Unit: required(string()),
  Samples: required(list(double())),
  Spreads: list(spread),
});

const record = structure('Record', {
  Format: required(integer()),
  Put: list(series),
  Page: structure('Page', {
    Index: required(integer({ min: 0 })),
    IsLast: required(boolean()),
    Until: required(long({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })),
    Past: required(long({ min: 0, max: Number.MAX_SAFE_INTEGER })),
    Series: required(list(series)),
  }),
});

type Series = TypeOf<typeof series>;

/** Data of one request. */
export function encodePut(data: readonly Datum[]): Buffer {
  const Put = data.map(({ metric, unit, time, sample }) =>
    written({ metric, unit, samples: [{ ...sample, time }] }),
  );
  return rpcCbor.encode({ Format: format, Put }, record);
}

/** Splits series, as they come, into what fits on a page each. */
export function* pagesOf(all: Iterable<SeriesSamples>): Generator<readonly SeriesSamples[]> {
  let page: SeriesSamples[] = [];
  let numbers = 0;
  for (const whole of all) {
    for (const part of inParts(whole)) {
      if (numbers + numbersIn(part) > pageNumbersMax && page.length > 0) {
        yield page;
        [page, numbers] = [[], 0];
      }
      page.push(part);
      numbers += numbersIn(part);
    }
  }
  if (page.length > 0) yield page;
}

export function encodePage(all: readonly SeriesSamples[], { index, isLast, until, past }: Page): Buffer {
  const Page = { Index: index, IsLast: isLast, Until: until, Past: past, Series: all.map(written) };
  return rpcCbor.encode({ Format: format, Page }, record);
}

/** Well below what a decoder takes in one body (`valuesMax` in wire/reader.ts). */
const pageNumbersMax = 10_000;
const samplesMax = 25;

/** A series in parts that each fit on a page. */
function inParts({ samples, ...named }: SeriesSamples): SeriesSamples[] {
  const parts: SeriesSamples[] = [];
  for (let at = 0; at < samples.length; at += samplesMax) {
    parts.push({ ...named, samples: samples.slice(at, at + samplesMax) });
  }
  return parts;
}

function numbersIn({ metric, samples }: SeriesSamples): number {
  const spreads = samples.reduce((sum, { spread: one }) => sum + (one?.length ?? 0), 0);
  return 20 + 2 * metric.dimensions.length + 5 * samples.length + spreads;
}

/** Throws a `NewerFormatError`, or a `DamagedError` for what is no record. */
export function decodeRecord(data: Uint8Array, where: string): MetricRecord {
  const { Format, Put, Page: page } = decoded(data, where);
  if (Format !== format) {
    throw new NewerFormatError(`${where} was written by a newer Millrace (format ${Format})`);
  }
  if (Put !== undefined && page === undefined)
    return { kind: 'put', series: Put.map((one) => read(one, where)) };
  if (page === undefined || Put !== undefined) throw undecodable(where);
  const { Index: index, IsLast: isLast, Until: until, Past: past, Series: all } = page;
  return { kind: 'page', index, isLast, until, past, series: all.map((one) => read(one, where)) };
}

function decoded(data: Uint8Array, where: string): TypeOf<typeof record> {
  try {
    const value = rpcCbor.decode(Buffer.from(data.buffer, data.byteOffset, data.length), record);
    validate(value, record);
    return value;
  } catch (error) {
    throw error instanceof ServiceError ? undecodable(where) : error;
  }
}

function undecodable(where: string): DamagedError {
  return new DamagedError(`${where} cannot be decoded`);
}

function written({ metric, unit, samples }: SeriesSamples) {
  const Spreads = samples.flatMap(({ spread: pairs }, At) => (pairs ? [{ At, Pairs: [...pairs] }] : []));
  return {
    Account: metric.account,
    Region: metric.region,
    Namespace: metric.namespace,
    Name: metric.name,
    Dimensions: metric.dimensions.flatMap(({ name, value }) => [name, value]),
    Unit: unit,
    Samples: samples.flatMap(({ time, count, sum, minimum, maximum }) => [
      time,
      count,
      sum,
      minimum,
      maximum,
    ]),
    ...(Spreads.length > 0 && { Spreads }),
  };
}

function read(value: Series, where: string): SeriesSamples {
  const { Samples: numbers, Spreads = [], Unit: unit } = value;
  if (numbers.length === 0 || numbers.length % 5 !== 0 || !numbers.every(Number.isFinite)) {
    throw undecodable(where);
  }
  const samples: TimedSample[] = [];
  for (let at = 0; at < numbers.length; at += 5) {
    const [time, count, sum, minimum, maximum] = numbers.slice(at, at + 5);
    samples.push({ time: time!, count: count!, sum: sum!, minimum: minimum!, maximum: maximum! });
  }
  for (const { At, Pairs } of Spreads) {
    const sample = samples[At];
    if (sample === undefined || !isSpread(Pairs, sample)) throw undecodable(where);
    samples[At] = { ...sample, spread: Float64Array.from(Pairs) };
  }
  return { metric: metricOf(value, where), unit, samples };
}

function metricOf({ Account, Region, Namespace, Name, Dimensions }: Series, where: string): MetricName {
  if (Dimensions.length % 2 !== 0) throw undecodable(where);
  const dimensions = [];
  for (let at = 0; at < Dimensions.length; at += 2) {
    dimensions.push({ name: Dimensions[at]!, value: Dimensions[at + 1]! });
  }
  return { account: Account, region: Region, namespace: Namespace, name: Name, dimensions };
}

/** Whether these are values in their order, from the least to the greatest of a sample, with their counts. */
function isSpread(pairs: readonly number[], { minimum, maximum }: Sample): boolean {
  if (pairs.length < 4 || pairs.length % 2 !== 0 || !pairs.every(Number.isFinite)) return false;
  if (pairs[0] !== minimum || pairs.at(-2) !== maximum) return false;
  return pairs.every((number, at) => (at % 2 === 1 ? number > 0 : at === 0 || number > pairs[at - 2]!));
}
