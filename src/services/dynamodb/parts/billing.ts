import type { Millis } from '../../../env/clock.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { invalid, invalidValue } from '../errors.ts';
import type { Billing, Throughput } from '../tables/table.ts';
import type { throughput } from './table-shapes.ts';

type Units = TypeOf<typeof throughput>;

/** What a request says of how a table is paid for; it holds nothing back, whatever it says. */
export function billingOf(
  { BillingMode: mode = 'PROVISIONED', ProvisionedThroughput: units }: BillingRequest,
  since: Millis,
): Billing {
  if (mode === 'PAY_PER_REQUEST') {
    if (units === undefined) return { mode, since };
    throw noUnits();
  }
  if (units === undefined) {
    throw invalidValue(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  return { mode, since, throughput: throughputOf(units) };
}

type BillingRequest = {
  readonly BillingMode?: Billing['mode'] | undefined;
  readonly ProvisionedThroughput?: Units | undefined;
};

export const noUnits = () =>
  invalidValue(
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );

/** More than AWS takes (seen in its answers). */
const unitsMax = 1_000_000_000_000;

export function throughputOf({ ReadCapacityUnits, WriteCapacityUnits }: Units): Throughput {
  if (ReadCapacityUnits > unitsMax) {
    throw invalid(`Given value ${ReadCapacityUnits} for ReadCapacityUnits is out of bounds`);
  }
  if (WriteCapacityUnits > unitsMax) {
    throw invalid(`Given value ${WriteCapacityUnits} for WriteCapacityUnits is out of bounds`);
  }
  return { readUnits: ReadCapacityUnits, writeUnits: WriteCapacityUnits };
}
