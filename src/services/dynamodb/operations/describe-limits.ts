import { long, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';

/** AWS's quotas as a new account has them (developer guide, "Quotas"). Nothing is held back by them. */
const accountUnits = 80_000;
const tableUnits = 40_000;

export const describeLimits = operation({
  name: 'DescribeLimits',
  summary: "Answers AWS's first quotas for throughput, which nothing is held back by here.",
  runs: 'owner',
  input: structure('DescribeLimitsInput', {}),
  output: structure('DescribeLimitsOutput', {
    AccountMaxReadCapacityUnits: long({ min: 1 }),
    AccountMaxWriteCapacityUnits: long({ min: 1 }),
    TableMaxReadCapacityUnits: long({ min: 1 }),
    TableMaxWriteCapacityUnits: long({ min: 1 }),
  }),
  prepare: () => ({
    resource: '*',
    run: async () => ({
      AccountMaxReadCapacityUnits: accountUnits,
      AccountMaxWriteCapacityUnits: accountUnits,
      TableMaxReadCapacityUnits: tableUnits,
      TableMaxWriteCapacityUnits: tableUnits,
    }),
  }),
});
