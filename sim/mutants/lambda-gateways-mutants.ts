import type { Mutant } from './mutant.ts';

const shardRun = 'src/services/lambda/poller/shard-run.ts';
const moves = 'src/cluster/moves.ts';
const pollerTests = 'test/services/lambda/poller/running-mappings.test.ts';
const dutyTests = 'test/cluster/duties.test.ts';
const gatewayTests = 'test/sim/moving-mappings.test.ts';

/** Bugs in which shards of mappings move from one gateway to another. */
export const lambdaGatewaysMutants: readonly Mutant[] = [
  {
    name: 'shard-remembered-from-before',
    sentence: 'A gateway that has a shard again runs what it had read before another one ran it.',
    edits: [
      {
        file: shardRun,
        find: 'place.isOurs() && place.term === term',
        replace: 'place.isOurs() && place.term >= term',
      },
    ],
    proof: {
      kind: 'test',
      file: pollerTests,
      test: 'what waited here while the shard was run elsewhere is not run again',
    },
  },
  {
    name: 'shard-handed-over-in-a-call',
    sentence:
      'A shard is handed over while a call of it is under way, and the next gateway makes the same one.',
    edits: [
      {
        file: shardRun,
        find: 'if (!over.aborted) poller.stop();',
        replace: 'if (place.isToMove()) place.handOver(); if (!over.aborted) poller.stop();',
      },
    ],
    proof: {
      kind: 'test',
      file: pollerTests,
      test: 'a shard that is to move is handed over once its call is checkpointed, and nothing of it is run',
    },
  },
  {
    name: 'shard-without-a-look',
    sentence: 'A gateway begins with a shard where it was the last time that it has looked.',
    edits: [
      {
        file: shardRun,
        find: 'await this.#world.journal.current();',
        replace: 'await this.#world.journal.state;',
      },
    ],
    proof: {
      kind: 'test',
      file: pollerTests,
      test: 'where a shard comes to, the journal is read before it is begun with',
    },
  },
  {
    name: 'nothing-for-newcomers',
    sentence: 'Duties stay where they are, and a gateway that joins has nothing to do.',
    edits: [{ file: moves, find: 'live.length < 2) return [];', replace: 'live.length > 0) return [];' }],
    proof: {
      kind: 'test',
      file: dutyTests,
      test: 'a gateway that joins is handed its share of shared duties within a minute, and no other duty',
    },
  },
  {
    name: 'duty-offered-for-ever',
    sentence: 'What a member does not take is offered to it again and again, and nobody does it meanwhile.',
    edits: [{ file: moves, find: 'this.#offered.set(name, id);', replace: 'this.#offered.set(id, name);' }],
    proof: {
      kind: 'test',
      file: dutyTests,
      test: 'a shared duty stays with its holder until it is handed over, and comes back when nobody takes it',
    },
  },
  {
    name: 'duty-kept-while-handed-over',
    sentence: 'A member goes on with what it has handed over until the journal has it.',
    edits: [
      {
        file: 'src/cluster/duties.ts',
        find: 'if (this.#moves.isHandedOver(this.#name)) return false;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: dutyTests,
      test: 'a shared duty stays with its holder until it is handed over, and comes back when nobody takes it',
    },
  },
  {
    name: 'shard-run-after-the-lease',
    sentence: 'A gateway that had a shard goes on with it when its lease is over, and another one has it.',
    edits: [
      {
        file: shardRun,
        find: 'const isOurs = () => place.isOurs() && place.term === term;',
        replace: 'const isOurs = () => place.isOurs() || place.term > 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: pollerTests,
      test: 'where a shard is run elsewhere nothing is begun, and a call under way counts',
    },
  },
  {
    name: 'sights-of-one-gateway',
    sentence: 'A gateway tells of those shards of a mapping alone that it runs itself.',
    edits: [
      {
        file: 'src/server/cluster-part.ts',
        find: 'sightsElsewhere: sightsElsewhere(peers, clock),',
        replace: 'sightsElsewhere: async () => new Map(),',
      },
    ],
    proof: {
      kind: 'test',
      file: gatewayTests,
      test: 'a gateway that joins runs its share of the shards within a minute, and no batch runs twice for it',
    },
  },
];
