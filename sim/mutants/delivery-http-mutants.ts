import type { Mutant } from './mutant.ts';

const runTests = 'test/delivery/run/http-deliveries.test.ts';
const endpointTests = 'test/delivery/destination/http-endpoint.test.ts';

/** Bugs in what goes to HTTP endpoints. */
export const deliveryHttpMutants: readonly Mutant[] = [
  {
    name: 'http-errors-unplanned',
    sentence:
      'Records that an endpoint did not take are put as errors without a plan, and stay when it takes them.',
    edits: [
      {
        file: 'src/delivery/run/chunk-delivery.ts',
        find: '      await this.#say({ ...this.#known, plan: { ...plan, objects: [...plan.objects, ...places], stale } });\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: runTests,
      test: 'a request that was under way when the server was killed is sent again, under its id, and errors are not kept twice',
    },
  },
  {
    name: 'http-new-id-each-time',
    sentence: 'A request that is sent again has another id, so that an endpoint cannot know it.',
    edits: [
      {
        file: 'src/delivery/run/chunk-requests.ts',
        find: 'requestIdOf(plan.random, nth)',
        replace: "requestIdOf(world.random.bytes(8).toString('hex'), nth)",
      },
    ],
    proof: {
      kind: 'test',
      file: runTests,
      test: 'a request that was under way when the server was killed is sent again, under its id, and errors are not kept twice',
    },
  },
  {
    name: 'http-any-answer',
    sentence: 'Whatever an endpoint answers with 200 counts as taken, a page of a proxy too.',
    edits: [
      {
        file: 'src/delivery/destination/http-answer.ts',
        find: 'const wrong = wrongIn(answer, requestId);',
        replace: 'const wrong = requestId === undefined ? wrongIn(answer, requestId) : undefined;',
      },
    ],
    proof: { kind: 'test', file: endpointTests, test: "each failure has AWS's code" },
  },
];
