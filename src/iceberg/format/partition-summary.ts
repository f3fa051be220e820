import type { DataFile } from '../iceberg-table.ts';
import type { FieldSummary } from './manifest-list.ts';
import type { SpecField } from './partition-spec.ts';
import { avroValueOf, singleValueOf } from './single-value.ts';

/** What of the partition's values a manifest's readers skip it by. */
export function partitionSummariesOf(
  files: readonly DataFile[],
  field: SpecField | undefined,
): readonly FieldSummary[] | null {
  if (field === undefined) return null;
  const values = files.map(({ partition }) => avroValueOf(partition, field.type));
  const present = values.filter((value) => value !== null).sort(compare);
  const [lower] = present;
  const upper = present.at(-1);
  return [
    {
      contains_null: present.length < values.length,
      contains_nan: false,
      lower_bound: lower === undefined ? null : singleValueOf(lower),
      upper_bound: upper === undefined ? null : singleValueOf(upper),
    },
  ];
}

type Present = string | number | bigint | boolean;

/** Strings in the order of their code points, as UTF-8 has them. */
function compare(left: Present, right: Present): number {
  if (typeof left === 'string') return Buffer.compare(Buffer.from(left), Buffer.from(String(right)));
  return left < right ? -1 : left > right ? 1 : 0;
}
