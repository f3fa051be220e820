import type { Mutant } from './mutant.ts';

const optionTests = 'test/server/lambda/functions-option.test.ts';
const credentialTests = 'test/server/lambda/function-credentials.test.ts';
const clusterTests = 'test/server/lambda/cluster.test.ts';
const dutyTests = 'test/cluster/duties.test.ts';
const endingTests = 'test/services/lambda/functions/ending-functions.test.ts';

/** Bugs in which functions run here, as whom, on which gateway, and how they end with the server. */
export const lambdaCompositionMutants: readonly Mutant[] = [
  {
    name: 'code-for-everybody',
    sentence: 'A server that other machines reach runs the code of whoever may make a function.',
    edits: [
      {
        file: 'src/server/lambda-options.ts',
        find: "exposedHost(options) === undefined ? 'on' : 'off'",
        replace: "exposedHost(options) === undefined ? 'on' : 'on'",
      },
    ],
    proof: {
      kind: 'test',
      file: optionTests,
      test: 'functions are on where only this machine reaches the server, and off where others do, unless it is said',
    },
  },
  {
    name: 'code-of-before-runs-on',
    sentence: 'Code that was made while functions were on runs where only those at URLs may.',
    edits: [
      {
        file: 'src/services/lambda/functions/open-functions.ts',
        find: 'requireKind(this.#world.kinds, function_.settings.code);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: optionTests,
      test: 'with functions at URLs only, no code is run, not even that of a function that was made before',
    },
  },
  {
    name: 'any-role-for-a-function',
    sentence: 'A function has the rights of a role that does not trust Lambda.',
    edits: [
      {
        file: 'src/access/policy/service-trust.ts',
        find: "(type === 'Service' && name === service)",
        replace: "type === 'Service'",
      },
    ],
    proof: {
      kind: 'test',
      file: credentialTests,
      test: 'a function cannot be made with a role that does not trust Lambda',
    },
  },
  {
    name: 'shard-run-by-all',
    sentence: 'Each gateway runs each shard of a mapping.',
    edits: [
      {
        file: 'src/gateway/placed-by-duty.ts',
        find: 'isOurs: () => isHeld && duty.isOurs(),',
        replace: 'isOurs: () => isHeld,',
      },
    ],
    proof: {
      kind: 'test',
      file: clusterTests,
      test: 'a shard of a mapping is run by one gateway, and by the next when that one ends',
    },
  },
  {
    name: 'duty-never-let-go',
    sentence: 'A member keeps what it does not want any more, and nobody else can have it.',
    edits: [
      {
        file: 'src/cluster/duties.ts',
        find: 'holder === member && !this.#wanted.has(name)',
        replace: 'holder === member && name === undefined',
      },
    ],
    proof: {
      kind: 'test',
      file: dutyTests,
      test: 'a duty that its holder lets go of is taken by another one that wants it, within seconds',
    },
  },
  {
    name: 'functions-end-at-once',
    sentence: 'A server that ends cuts off the functions that it has called.',
    edits: [
      {
        file: 'src/services/lambda/functions/ending-functions.ts',
        find: 'if (this.#underWay === 0) return;',
        replace: 'if (this.#underWay >= 0) return;',
      },
    ],
    proof: {
      kind: 'test',
      file: endingTests,
      test: 'calls under way end in peace, and no other is begun',
    },
  },
];
