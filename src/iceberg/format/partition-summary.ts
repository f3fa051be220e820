import type { DataFile } from '../iceberg-table.ts';
import type { FieldSummary } from './manifest-list.ts';
import type { SpecField } from './partition-spec.ts';
import { avroValueOf, singleValueOf, valueOfSingle } from './single-value.ts';

/** What of the partition's values a manifest's readers skip it by. */
export function partitionSummariesOf(
  files: readonly DataFile[],
  field: SpecField | undefined,
): readonly FieldSummary[] | null {
  if (field === undefined) return null;
  const values = files.map(({ partition }) => avroValueOf(partition, field.type));
  const present = values.filter((value) => value !== null);
  return [{ contains_null: present.length < values.length, contains_nan: false, ...boundsOf(present) }];
}

/** Of manifests that become one; null where one of them does not say its own. */
export function summaryOfAll(
  summaries: readonly (readonly FieldSummary[] | null)[],
  field: SpecField | undefined,
): readonly FieldSummary[] | null {
  if (field === undefined) return null;
  const known = summaries.flatMap((all) => all?.slice(0, 1) ?? []);
  if (known.length < summaries.length) return null;
  const bounds = known.flatMap((one) => [one.lower_bound, one.upper_bound]).filter((bound) => bound !== null);
  return [
    {
      contains_null: known.some((one) => one.contains_null),
      contains_nan: known.some((one) => one.contains_nan !== false) ? null : false,
      ...boundsOf(bounds.map((bound) => valueOfSingle(bound, field.type))),
    },
  ];
}

function boundsOf(values: readonly Present[]): Pick<FieldSummary, 'lower_bound' | 'upper_bound'> {
  const sorted = [...values].sort(compare);
  const [lower] = sorted;
  const upper = sorted.at(-1);
  return {
    lower_bound: lower === undefined ? null : singleValueOf(lower),
    upper_bound: upper === undefined ? null : singleValueOf(upper),
  };
}

type Present = string | number | bigint | boolean;

/** Strings in the order of their code points, as UTF-8 has them. */
function compare(left: Present, right: Present): number {
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(String(right)));
  return left < right ? -1 : left > right ? 1 : 0;
}
