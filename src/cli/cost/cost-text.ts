import { comparisonOf } from '../../cost/comparison.ts';
import {
  type Bill,
  type BillItem,
  type BillLine,
  billIn,
  type Cost,
  type StreamCost,
  setUpAs,
} from '../../cost/cost-of.ts';
import { type BillingMode, pricesOf } from '../../cost/price-table.ts';
import { durationText } from '../answer-text.ts';
import { tableText } from '../user/user-text.ts';
import { plainCount } from './plain-count.ts';

type Tagged = { readonly value: string; readonly cost: Cost };

/** All that is known, for machines: dollars a month, and what they are for. */
export function costJson(cost: Cost, measuredSeconds?: number): string {
  const { bills, streams, usdAsSetUp, usdMixed } = cost;
  const sums = { cheapest: bills[0]!.mode, bills, usdAsSetUp, usdMixed };
  return jsonText({ ...pricesOf, measuredSeconds, ...sums, streams });
}

export function tagsJson(tag: string, costs: readonly Tagged[], measuredSeconds: number): string {
  const values = costs.map(({ value, cost: { streams: _, ...sums } }) => ({ value, ...sums }));
  return jsonText({ ...pricesOf, measuredSeconds, tag, values });
}

const jsonText = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

/** What streams cost by the value of a tag. */
export function tagsText(tag: string, costs: readonly Tagged[]): string {
  const rows = costs.map(({ value, cost: { streams, usdAsSetUp, usdMixed } }) => [
    ...[value === '' ? '(none)' : value, String(streams.length), usdText(usdAsSetUp), usdText(usdMixed)],
  ]);
  return `${tableText([[tag.toUpperCase(), 'STREAMS', 'AS SET UP', 'AT BEST'], ...rows])}\n`;
}

/** The streams if there are several, then the modes, the bill of the cheapest one, and why it is that. */
export function costText(cost: Cost, measuredSeconds?: number): string {
  const { streams, bills } = cost;
  const several = streams.length > 1;
  return [
    several ? streamsText(streams) : loadText(streams[0]!),
    modesText(bills),
    billText(bills[0]!),
    reasonText(cost),
    ...(several ? [mixText(cost)] : []),
    measuredText(measuredSeconds),
  ].join('\n');
}

function measuredText(seconds: number | undefined): string {
  const measured = seconds === undefined ? '' : `Measured over ${durationText(seconds * 1000)}. `;
  const prices = `list prices of ${pricesOf.region} at ${pricesOf.date}, a month of 730 hours, without taxes`;
  return `${measured}Prices: ${prices}.\n`;
}

function streamsText(streams: readonly StreamCost[]): string {
  const rows = streams.map(({ usage, bills }) => [
    ...[usage.name, setUpAs(usage), String(usage.shards), plainCount(usage.recordsIn)],
    ...[plainCount(usage.bytesIn / 1024), usdText(billIn(bills, setUpAs(usage)).usdPerMonth)],
    cheapestSimple(bills),
  ]);
  return tableText([['STREAM', 'MODE', 'SHARDS', 'RECORDS/S', 'KB/S', 'A MONTH', 'CHEAPEST'], ...rows]);
}

/** Advantage is no stream's own to have. */
function cheapestSimple(bills: readonly Bill[]): string {
  const { mode, usdPerMonth } = bills.find((bill) => bill.mode !== 'on-demand-advantage')!;
  return `${mode} ${usdText(usdPerMonth)}`;
}

function loadText({ usage }: StreamCost): string {
  const { name, recordsIn, bytesIn, bytesOut, fanOutBytes, shards, retentionHours } = usage;
  const readers = `${plainCount((bytesOut + fanOutBytes) / 1024)} KB/s read`;
  const put = `${plainCount(recordsIn)} records/s, ${plainCount(bytesIn / 1024)} KB/s put`;
  return `${name}: ${put}, ${readers}, kept for ${plainCount(retentionHours)} h, ${shards} ${shards === 1 ? 'shard' : 'shards'}\n`;
}

function modesText(bills: readonly Bill[]): string {
  const rows = bills.map(({ mode, usdPerMonth, isEstimate }, index) => [
    ...[modeNames[mode], usdText(usdPerMonth), index === 0 ? 'cheapest' : ''],
    isEstimate ? 'estimate' : '',
  ]);
  return tableText([['MODE', 'A MONTH', '', ''], ...rows]);
}

function billText({ mode, lines }: Bill): string {
  if (lines.length === 0) return `${modeNames[mode]}: nothing is billed.\n`;
  const rows = lines.map(({ item, quantity, price, usd }) => [
    `  ${itemNames[item]}`,
    `${plainCount(quantity)} ${price.per}`,
    `at $${price.usd}`,
    usdText(usd),
  ]);
  return `${modeNames[mode]}:\n${tableText(rows)}`;
}

function reasonText(cost: Cost): string {
  const { cheapest, next, usdMore, dearest, own } = comparisonOf(cost);
  const less = own === undefined ? 'nothing' : lineText(own);
  return `${capital(modeNames[cheapest.mode])} is cheapest: it bills mostly ${less}. ${capital(modeNames[next.mode])} would be ${usdText(usdMore)} more, above all ${lineText(dearest)}.\n`;
}

const lineText = ({ item, usd }: BillLine) => `${itemNames[item]} (${usdText(usd)})`;

function mixText({ usdAsSetUp, usdMixed, bills }: Cost): string {
  const best = Math.min(usdMixed, bills[0]!.usdPerMonth);
  const saved = usdAsSetUp - best;
  const advice =
    saved < 0.01
      ? 'which is as cheap as it gets'
      : `and would be ${usdText(best)} at best, ${usdText(saved)} less`;
  return `As they are set up, these streams would cost ${usdText(usdAsSetUp)} a month, ${advice}.\n`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function usdText(usd: number): string {
  return `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

const modeNames: Readonly<Record<BillingMode, string>> = {
  provisioned: 'provisioned',
  'on-demand-standard': 'on-demand standard',
  'on-demand-advantage': 'on-demand advantage',
};

const itemNames: Readonly<Record<BillItem, string>> = {
  'shard-hours': 'shard hours',
  'stream-hours': 'stream hours',
  'put-units': 'put units',
  'data-in': 'data put',
  'data-out': 'data read',
  'fan-out-hours': 'fan-out hours',
  'fan-out-data': 'fan-out data',
  'extended-retention': 'extended retention',
  'long-term-retention': 'long-term retention',
  'long-term-reads': 'long-term reads',
  'commitment-in': 'commitment not put',
  'commitment-out': 'commitment not read',
};
