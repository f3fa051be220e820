import type { Mutant } from './mutant.ts';

const applications = 'test/docs/applications.test.ts';

/** Bugs that an application of the KCL meets before it has processed a record. */
export const applicationsMutants: readonly Mutant[] = [
  {
    name: 'newcomer-asked-of-stream',
    sentence: 'Permission to ask for a consumer that is not registered yet is needed for its stream.',
    edits: [
      {
        file: 'src/services/kinesis/parts/prepare.ts',
        find: '  const resource = arn === undefined ? unregistered(request, caller) : undefined;\n',
        replace: '  const resource = arn !== undefined ? unregistered(request, caller) : undefined;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: applications,
      test: 'a user with the policy of the page does all that the KCL does, and nothing is denied',
    },
  },
  {
    name: 'other-service-not-named',
    sentence: 'A client that asks for a service of AWS that is not served is not told that it is elsewhere.',
    edits: [
      {
        file: 'src/rpc/other-service.ts',
        find: 'services.some(({ scopes }) => scopes.includes(name))',
        replace: 'services.length > 0',
      },
    ],
    proof: { kind: 'test', file: applications, test: 'a service that is not served is told so by name' },
  },
  {
    name: 'clock-waits-backwards',
    sentence: 'A wait for a time that has passed has Node.js warn on stderr.',
    edits: [
      {
        file: 'src/env/node-clock.ts',
        find: 'setTimeout(done, Math.max(delay, 0))',
        replace: 'setTimeout(done, delay)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/env/node-clock.test.ts',
      test: 'a time that has passed by a hair is no reason for a warning',
    },
  },
];
