import { type Mutant, simulation } from './mutant.ts';

/** Bugs that worlds of brokers and gateways show. */
export const kafkaWorldMutants: readonly Mutant[] = [
  {
    name: 'answered-as-it-was-known',
    sentence:
      'A gateway never reads on before it answers, and tries again what failed for a reason that reading on does not end.',
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
    proof: simulation('duplicated', 'kafka/14'),
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
    proof: simulation('lost', 'kafka/73'),
  },
];
