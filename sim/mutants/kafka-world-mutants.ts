import { type Mutant, simulation } from './mutant.ts';

/** Bugs that worlds of brokers and gateways show. */
export const kafkaWorldMutants: readonly Mutant[] = [
  {
    name: 'acknowledged-unsure',
    sentence: 'A batch that no broker has answered counts as stored.',
    edits: [{ file: 'src/log/kafka/produce-verdict.ts', find: "return 'unsure';", replace: "return 'stored';" }],
    proof: simulation('', 'kafka/1'),
  },
  {
    name: 'acknowledged-while-it-closes',
    sentence: 'A shard is sealed at once, and who appends does not ask whether it is before the seal.',
    edits: [
      {
        file: 'src/cluster/journalled-places.ts',
        find: 'while (!isOver() && !isDrained(journal.state, closing)) {',
        replace: 'while (!isOver() && closing < 0) {',
      },
      {
        file: 'src/log/kafka/agreement.ts',
        find: "return verdict === 'acknowledge';",
        replace: 'return true;',
      },
    ],
    proof: simulation('', 'kafka/1'),
  },
  {
    name: 'answered-as-it-was-known',
    sentence: 'A gateway answers on what it happens to know, and never asks what others have changed.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: '    await freshness.current(body.length);\n    const known = identify(',
        replace: '    const known = identify(',
      },
      {
        file: 'src/rpc/carry-out.ts',
        find: 'if (isTriedFirst && mayBeStale(error))',
        replace: 'if (isTriedFirst && !mayBeStale(error))',
      },
    ],
    proof: simulation('', 'kafka/1'),
  },
  {
    name: 'trimmed-with-the-expired',
    sentence: 'Where a time is not found, the end that is answered is that of after the search.',
    edits: [
      {
        file: 'src/log/kafka/partition-reader.ts',
        find: `    const { end } = await this.#catchUp.bounds(of);
    const found = await this.#catchUp.offset(of, Math.ceil(time));`,
        replace: `    const found = await this.#catchUp.offset(of, Math.ceil(time));
    const { end } = await this.#catchUp.bounds(of);`,
      },
    ],
    proof: simulation('', 'kafka/1'),
  },
];
