import type { Mutant } from './mutant.ts';

const scope = 'test/services/kinesis/scope.test.ts';
const everyName =
  'no operation takes a name of another scope or spelling, and none changes anything, without credentials';

/** Bugs in what a request may name: the region, the account and the one spelling. */
export const scopeMutants: readonly Mutant[] = [
  {
    name: 'region-from-the-arn',
    sentence: 'Requests that name a stream by its ARN take the region from it instead of the signature.',
    edits: [
      {
        file: 'src/services/kinesis/parts/target.ts',
        find: '  return reachableBy(caller, address);',
        replace: '  return address;',
      },
    ],
    proof: { kind: 'test', file: scope, test: everyName },
  },
  {
    name: 'page-token-of-anywhere',
    sentence: 'A page token of one region or account is good in all.',
    edits: [
      {
        file: 'src/services/kinesis/parts/page-token.ts',
        find: 'function purposeOf(operation: string, { account, region }: Caller): string {',
        replace: 'function purposeOf(operation: string, _: Caller): string {\n  return operation;',
      },
    ],
    proof: { kind: 'test', file: scope, test: everyName },
  },
  {
    name: 'one-partition',
    sentence: 'Every region is of the partition aws.',
    edits: [
      {
        file: 'src/kinesis/arn.ts',
        find: "return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';",
        replace: "return 'aws';",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/kinesis/arn.test.ts',
      test: "every region of the SDK's table is of the partition that the table says",
    },
  },
  {
    name: 'subscription-by-arn',
    sentence:
      'Subscriptions are told apart by the text of the ARN, which another consumer may have had before.',
    edits: [
      {
        file: 'src/services/kinesis/operations/subscribe-to-shard.ts',
        find: 'identityOf({ id }: Stream, {',
        replace: 'identityOf({ name: id }: Stream, {',
      },
      {
        file: 'src/services/kinesis/operations/subscribe-to-shard.ts',
        find: '{createdAt}/',
        replace: '{Math.floor(createdAt / 1000)}/',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/operations/subscribe-to-shard.test.ts',
      test: 'a new consumer of a new stream is not barred by the one that had its ARN before, in the same second',
    },
  },
];
