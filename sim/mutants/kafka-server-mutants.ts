import type { Mutant, SourceEdit } from './mutant.ts';

const clusterStart = 'test/server/cluster-start.test.ts';

/** Bugs in how a server of a cluster is put together. */
export const kafkaServerMutants: readonly Mutant[] = [
  caught(
    'root-user-by-each',
    'Each of the gateways that start at the same time makes a root user.',
    {
      file: 'src/server/root-user.ts',
      find: "(hasRootUser(state) ? [] : [{ kind: 'access-key-changed', key }])",
      replace: "(state === undefined ? [] : [{ kind: 'access-key-changed', key }])",
    },
    clusterStart,
    'a root user is made once, however many gateways start at once, and told by one of them',
  ),
  caught(
    'work-by-everyone',
    'What one gateway does for all is done by each of them.',
    {
      file: 'src/server/duty-background.ts',
      find: 'duty.isOurs() ? await tick() : lookAgainMs',
      replace: 'duty.number >= 0 ? await tick() : lookAgainMs',
    },
    'test/server/duty-background.test.ts',
    'work for all is done by who has the duty, at once when it comes, and when there is news',
  ),
  caught(
    'streams-left-behind',
    'A server on Kafka takes a data directory with streams, which nobody serves then.',
    {
      file: 'src/server/cluster-directory.ts',
      find: "if (names.includes('catalog')) {",
      replace: "if (names.includes('no such name')) {",
    },
    'test/server/cluster-directory.test.ts',
    'a directory with streams is not taken for a server on Kafka',
  ),
  caught(
    'credentials-for-nothing',
    'A password for brokers is accepted where nothing would ever be proven with it.',
    {
      file: 'src/server/fitting-options.ts',
      find: 'if (kafkaSasl === undefined) throw',
      replace: 'if (kafkaSasl === undefined) continue;\nif (kafkaSasl === null) throw',
    },
    'test/server/fitting-options.test.ts',
    'options that do not fit are refused: --kafka-user needs --kafka-sasl',
  ),
];
function caught(name: string, sentence: string, edit: SourceEdit, file: string, test: string): Mutant {
  return { name, sentence, edits: [edit], proof: { kind: 'test', file, test } };
}
