import type { Mutant } from './mutant.ts';

const fanOut = 'src/stream/fan-out.ts';
const remoteSubscriptions = 'src/gateway/remote-subscriptions.ts';
const server = 'src/gateway/records-server.ts';
const fanOutTest = 'test/stream/fan-out.test.ts';
const subscriptionsTest = 'test/gateway/subscriptions.test.ts';

/** Bugs in subscriptions that workers read and the owner knows of, and in what consumers share. */
export const subscribeMutants: readonly Mutant[] = [
  {
    name: 'subscription-not-let-go',
    sentence: 'The owner does not hear that the client of a subscription has left its worker.',
    edits: [{ file: remoteSubscriptions, find: 'end.signal,', replace: 'new AbortController().signal,' }],
    proof: {
      kind: 'test',
      file: subscriptionsTest,
      test: 'the owner hears that a client has left its worker',
    },
  },
  {
    name: 'takeover-not-told',
    sentence: 'A subscription in a worker goes on when another one has taken over.',
    edits: [
      { file: remoteSubscriptions, find: '    end.abort(reason && restored(reason));\n', replace: '' },
      { file: remoteSubscriptions, find: 'const reason = await', replace: 'await' },
    ],
    proof: {
      kind: 'test',
      file: subscriptionsTest,
      test: 'a subscription that takes over at another worker gets the records, and the one before hears why',
    },
  },
  {
    name: 'subscriptions-outlive-their-worker',
    sentence: 'The owner keeps the subscriptions that a worker which has ended did not follow yet.',
    edits: [
      {
        file: server,
        find: '[...this.#cancels.values(), ...this.#begun.values()]',
        replace: '[...this.#cancels.values()]',
      },
    ],
    proof: {
      kind: 'test',
      file: subscriptionsTest,
      test: 'the subscriptions of a worker end with it, also one of which it has not heard yet',
    },
  },
  {
    name: 'refusal-not-known',
    sentence: "A worker does not know a service's error of the owner for what it is.",
    edits: [
      {
        file: 'src/gateway/error-transfer.ts',
        find: 'if (rest.status !== undefined) return',
        replace: 'if (rest.code !== undefined && rest.status !== undefined) return',
      },
    ],
    proof: {
      kind: 'test',
      file: subscriptionsTest,
      test: 'a subscription at one worker bars its consumer at the others for five seconds',
    },
  },
  {
    name: 'event-of-before',
    sentence: 'An event at the tip is sent again when it no longer is there.',
    edits: [{ file: fanOut, find: 'return next >= end && (', replace: 'return (' }],
    proof: {
      kind: 'test',
      file: fanOutTest,
      test: 'a reader that asks after a record was acknowledged gets it, also while an event without it is made',
    },
  },
  {
    name: 'event-never-through',
    sentence: 'An event is made again whenever a record came while it was made.',
    edits: [
      {
        file: fanOut,
        find: 'await Promise.all([kept, endOf(log, stream, shard)])',
        replace: '[await kept, await endOf(log, stream, shard)]',
      },
    ],
    proof: {
      kind: 'test',
      file: fanOutTest,
      test: 'what is written while an event is made does not have it made again for readers that asked before',
    },
  },
];
