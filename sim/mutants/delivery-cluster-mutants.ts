import type { Mutant } from './mutant.ts';

const clusterTests = 'test/server/delivery/cluster.test.ts';
const rightsTests = 'test/server/delivery/rights.test.ts';

/** Bugs of deliveries of several gateways, and of what deliveries may do. */
export const deliveryClusterMutants: readonly Mutant[] = [
  {
    name: 'deliveries-never-move',
    sentence: 'A gateway keeps the deliveries that it has for good, and one that joins has none.',
    edits: [
      {
        file: 'src/delivery/run/running-delivery.ts',
        find: 'while (!over.aborted && isOurs() && !place.isToMove()) await place.changed(over);',
        replace: 'while (!over.aborted && isOurs()) await place.changed(over);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/delivery/run/deliveries.test.ts',
      test: 'a delivery that is to move comes to an end first',
    },
  },
  {
    name: 'deliveries-of-one-gateway',
    sentence: 'ListDeliveries tells only of what the gateway delivers that is asked.',
    edits: [
      {
        file: 'src/server/delivery/open-delivery.ts',
        find: 'withDeliveriesElsewhere(await deliveries.lookAround(), await around.deliveriesElsewhere())',
        replace: 'await deliveries.lookAround()',
      },
    ],
    proof: {
      kind: 'test',
      file: clusterTests,
      test: 'what is put at any gateway is delivered by one, and each of them tells of it',
    },
  },
  {
    name: 'first-delivery-unheard',
    sentence:
      'The gateway that makes delivery streams ACTIVE opens the journal for the first of them, and looks at it a minute later.',
    edits: [{ file: 'src/rpc/late-part.ts', find: '      opened();\n', replace: '' }],
    proof: {
      kind: 'test',
      file: clusterTests,
      test: 'the gateway that makes delivery streams ACTIVE hears at once of the first of them',
    },
  },
  {
    name: 'source-read-as-anyone',
    sentence: 'A delivery stream goes on reading a stream that its role may not read any more.',
    edits: [
      {
        file: 'src/server/delivery/source-roles.ts',
        find: '      requireSource(roles, arn, role, firehoseSession);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: rightsTests,
      test: 'a delivery reads as its role may now, with the key that its source is encrypted with',
    },
  },
  {
    name: 'disabled-key-delivers',
    sentence:
      'Records are delivered though their KMS key is disabled, or their role may not have them decrypted.',
    edits: [
      {
        file: 'src/delivery/source/shard-cursor.ts',
        find: '  if (slice.batches.length > 0) requireToRead(keyArnsOf(slice.batches));\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: rightsTests,
      test: 'a delivery reads as its role may now, with the key that its source is encrypted with',
    },
  },
  {
    name: 'any-endpoint-is-reached',
    sentence: 'Whoever may make delivery streams has the server send requests to any URL of its network.',
    edits: [
      {
        file: 'src/services/firehose/parts/creation.ts',
        find: '  requireReached(opened, described);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: rightsTests,
      test: 'records go to no HTTP endpoint that the operator has not allowed, and no secret of one is recorded',
    },
  },
  {
    name: 'access-key-goes-along',
    sentence: 'Whoever may change a destination has the access key of its endpoint sent to another one.',
    edits: [
      {
        file: 'src/services/firehose/parts/http-destination.ts',
        find: '(isThere ? secret : undefined)',
        replace: 'secret',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/firehose/delivery-streams.test.ts',
      test: 'the access key of an endpoint stays with it, and goes to no other',
    },
  },
];
