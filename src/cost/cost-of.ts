import {
  type BillingMode,
  commitmentBytesPerSecond,
  hoursPerMonth,
  type OnDemandPrices,
  type Price,
  prices,
} from './price-table.ts';
import type { Usage } from './usage.ts';

/** What a line of a bill is for. */
export type BillItem =
  | 'shard-hours'
  | 'stream-hours'
  | 'put-units'
  | 'data-in'
  | 'data-out'
  | 'fan-out-hours'
  | 'fan-out-data'
  | 'extended-retention'
  | 'long-term-retention'
  | 'long-term-reads'
  /** What is billed of on-demand advantage though it is not used, of what is put and of what is read. */
  | 'commitment-in'
  | 'commitment-out';

export type BillLine = {
  readonly item: BillItem;
  /** How many of `price.per` in a month of 730 hours. */
  readonly quantity: number;
  readonly price: Price;
  readonly usd: number;
};

export type Bill = {
  readonly mode: BillingMode;
  /** Without those that come to nothing, the dearest first. */
  readonly lines: readonly BillLine[];
  readonly usdPerMonth: number;
  /** Whether a price in it is an estimate of ours. */
  readonly isEstimate: boolean;
};

export type StreamCost = {
  readonly usage: Usage;
  /** The cheapest first. That of on-demand advantage is without the commitment, which is no stream's. */
  readonly bills: readonly Bill[];
};

export type Cost = {
  /** All streams in one mode, the cheapest first. */
  readonly bills: readonly Bill[];
  readonly streams: readonly StreamCost[];
  /** As each is set up: provisioned, or on-demand standard. */
  readonly usdAsSetUp: number;
  /** Each in the cheaper of provisioned and on-demand standard. */
  readonly usdMixed: number;
};

/**
 * What streams of one account and region would cost on AWS in a month of 730 hours, at list prices without
 * taxes, what KMS, CloudWatch's metrics and transfer between regions cost, or free tiers.
 */
export function costOf(usages: readonly Usage[]): Cost {
  const streams = usages.map((usage) => ({
    usage,
    bills: cheapestFirst(modes.map((mode) => billOf(mode, usage))),
  }));
  const bills = modes.map((mode) => totalOf(mode, streams));
  return {
    bills: cheapestFirst(bills),
    streams,
    usdAsSetUp: sum(streams.map(({ usage, bills: own }) => usdIn(own, setUpAs(usage)))),
    usdMixed: sum(streams.map(({ bills: own }) => Math.min(...simpleModes.map((mode) => usdIn(own, mode))))),
  };
}

const simpleModes: readonly BillingMode[] = ['provisioned', 'on-demand-standard'];
const modes: readonly BillingMode[] = [...simpleModes, 'on-demand-advantage'];

/** Streams by the value of one of their tags, in order; those without it are under the empty text. */
export function usagesByTag(usages: readonly Usage[], tag: string): ReadonlyMap<string, readonly Usage[]> {
  const groups = new Map<string, Usage[]>();
  for (const usage of usages) {
    const value = Object.hasOwn(usage.tags, tag) ? usage.tags[tag]! : '';
    groups.set(value, [...(groups.get(value) ?? []), usage]);
  }
  return new Map([...groups].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The bill of a mode among those of all. */
export function billIn(bills: readonly Bill[], mode: BillingMode): Bill {
  return bills.find((bill) => bill.mode === mode)!;
}

export function setUpAs({ mode }: Usage): BillingMode {
  return mode === 'provisioned' ? 'provisioned' : 'on-demand-standard';
}

const usdIn = (bills: readonly Bill[], mode: BillingMode) => billIn(bills, mode).usdPerMonth;

function billOf(mode: BillingMode, usage: Usage): Bill {
  switch (mode) {
    case 'provisioned':
      return billWith(mode, provisionedLines(usage));
    case 'on-demand-standard': {
      const streamHours = line('stream-hours', hoursPerMonth, prices.standard.streamHour);
      return billWith(mode, [streamHours, ...onDemandLines(usage, prices.standard)]);
    }
    case 'on-demand-advantage':
      return billWith(mode, onDemandLines(usage, prices.advantage));
  }
}

function provisionedLines(usage: Usage): readonly BillLine[] {
  const { shards, retentionHours } = usage;
  const { provisioned } = prices;
  const shardHours = shards * hoursPerMonth;
  return [
    line('shard-hours', shardHours, provisioned.shardHour),
    line('put-units', (usage.putUnits * secondsPerMonth) / 1e6, provisioned.putUnits),
    line('fan-out-hours', shardHours * usage.fanOutConsumers, provisioned.fanOutHour),
    line('fan-out-data', perMonth(usage.fanOutBytes), provisioned.fanOutData),
    line('extended-retention', retentionHours > freeHours ? shardHours : 0, provisioned.extendedShardHour),
    line(
      'long-term-retention',
      stored(usage.bytesIn, longTermOf(retentionHours)),
      provisioned.longTermStorage,
    ),
    line('long-term-reads', perMonth(usage.longTermBytesOut), provisioned.longTermReads),
  ];
}

function onDemandLines(usage: Usage, by: OnDemandPrices): readonly BillLine[] {
  const { retentionHours } = usage;
  const bytesIn = usage.kilobytesIn * 1024;
  return [
    line('data-in', perMonth(bytesIn), by.dataIn),
    line('data-out', perMonth(usage.bytesOut + usage.longTermBytesOut), by.dataOut),
    line('fan-out-data', perMonth(usage.fanOutBytes), by.fanOutData),
    line('extended-retention', stored(bytesIn, extendedOf(retentionHours)), by.extendedStorage),
    line('long-term-retention', stored(bytesIn, longTermOf(retentionHours)), by.longTermStorage),
    line('long-term-reads', perMonth(usage.longTermBytesOut), by.longTermReads),
  ];
}

/** All streams together; on-demand advantage with what is missing to the commitment. */
function totalOf(mode: BillingMode, streams: readonly StreamCost[]): Bill {
  const lines = streams.flatMap(({ bills }) => billIn(bills, mode).lines);
  if (mode !== 'on-demand-advantage') return billWith(mode, merged(lines));
  const { dataIn, dataOut } = prices.advantage;
  const missing = (items: readonly BillItem[]) =>
    Math.max(0, perMonth(commitmentBytesPerSecond) - sum(lines.map(quantityOf(items))));
  return billWith(mode, [
    ...merged(lines),
    line('commitment-in', missing(['data-in']), dataIn),
    line('commitment-out', missing(['data-out', 'fan-out-data']), dataOut),
  ]);
}

const quantityOf = (items: readonly BillItem[]) => (one: BillLine) =>
  items.includes(one.item) ? one.quantity : 0;

function merged(lines: readonly BillLine[]): readonly BillLine[] {
  const byItem = Map.groupBy(lines, ({ item }) => item);
  return [...byItem.values()].map((same) =>
    line(same[0]!.item, sum(same.map(({ quantity }) => quantity)), same[0]!.price),
  );
}

function billWith(mode: BillingMode, all: readonly BillLine[]): Bill {
  const lines = all.filter(({ quantity }) => quantity > 0).sort((left, right) => right.usd - left.usd);
  return {
    mode,
    lines,
    usdPerMonth: sum(lines.map(({ usd }) => usd)),
    isEstimate: lines.some(({ price }) => price.isEstimate),
  };
}

function line(item: BillItem, quantity: number, price: Price): BillLine {
  return { item, quantity, price, usd: quantity * price.usd };
}

function cheapestFirst(bills: readonly Bill[]): readonly Bill[] {
  return [...bills].sort((left, right) => left.usdPerMonth - right.usdPerMonth);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const secondsPerMonth = hoursPerMonth * 3600;
const bytesPerGb = 1024 ** 3;

/** GB in a month, of bytes a second. */
const perMonth = (bytes: number) => (bytes * secondsPerMonth) / bytesPerGb;

/** GB that lie there at any time, of bytes a second that are kept for so many hours. */
const stored = (bytes: number, hours: number) => (bytes * hours * 3600) / bytesPerGb;

/** The pricing page: 24 hours are free, up to seven days are extended retention, the rest is long-term. */
const freeHours = 24;
const extendedHoursEnd = 7 * 24;

const extendedOf = (retentionHours: number) =>
  Math.max(0, Math.min(retentionHours, extendedHoursEnd) - freeHours);
const longTermOf = (retentionHours: number) => Math.max(0, retentionHours - extendedHoursEnd);
