import type { Mutant, SourceEdit } from './mutant.ts';

const ownerGoes = 'test/gateway/owner-goes.test.ts';
const limits = 'test/gateway/cluster-limits.test.ts';
const subscriptions = 'test/gateway/cluster-subscriptions.test.ts';
const held = 'test/gateway/held-calls.test.ts';
const strangers = 'test/http/peers/strangers.test.ts';

/** Bugs between gateways of a cluster. */
export const kafkaPeersMutants: readonly Mutant[] = [
  caught(
    'appended-once-more',
    'A batch whose owner is gone before it answered is appended again by the gateway that was asked.',
    {
      file: 'src/gateway/owned-records.ts',
      find: 'return this.#detours.watch(shard, link.append(key, batch));',
      replace:
        'return this.#detours.watch(shard, link.append(key, batch)).catch(() => this.#own.append(key, batch));',
    },
    ownerGoes,
    'an append whose owner goes before it has answered is not appended again',
  ),
  caught(
    'address-is-enough',
    'A gateway takes whoever answers at the address of another one for that one.',
    {
      file: 'src/gateway/peers.ts',
      find: 'if (id !== member.id) return link.client.close();',
      replace: '',
    },
    ownerGoes,
    'another process at the address of a gateway is not taken for it',
  ),
  caught(
    'questions-of-the-dead',
    'A question to a gateway that is gone fails as if the gateway had refused it.',
    {
      file: 'src/gateway/records-client.ts',
      find: 'for (const waiting of this.#waiting.splice(0)) waiting?.reject(gone());',
      replace: "for (const waiting of this.#waiting.splice(0)) waiting?.reject(new Error('gone'));",
    },
    ownerGoes,
    'what only reads is asked again here when its owner goes meanwhile',
  ),
  caught(
    'limits-of-each-gateway',
    'A gateway counts what is written through it against limits of its own, whoever owns the shard.',
    {
      file: 'src/gateway/owned-records.ts',
      find: 'const { link } = this.#peers.ownerOf(shard);',
      replace: 'const link = undefined as PeerLink | undefined;',
    },
    limits,
    'a shard takes a thousand records a second by way of three gateways, and not one more',
  ),
  caught(
    'admitted-is-counted-twice',
    'Records that the owner has admitted are counted again when they are sent without the refused ones.',
    {
      file: 'src/stream/put.ts',
      find: 'sizes === undefined || part.refused !== undefined ? part.batch!',
      replace: 'sizes === undefined ? part.batch!',
    },
    limits,
    'what was refused takes nothing from the limits, and what was admitted is counted once',
  ),
  caught(
    'whole-limits-when-cut-off',
    'Gateways that cannot reach the owner of a shard admit its whole limits, each of them.',
    {
      file: 'src/gateway/owned-throttle.ts',
      find: 'ownerOf(shardName(key)).isOurs ? 1 : peers.liveCount',
      replace: 'ownerOf(shardName(key)).isOurs ? 1 : 1',
    },
    limits,
    'gateways that cannot reach the owner of a shard admit their part of its limits',
  ),
  caught(
    'subscription-of-a-dead-owner',
    'A subscription ends when the gateway that decides about it is gone.',
    {
      file: 'src/gateway/owned-subscriptions.ts',
      find: 'signal.aborted && (signal.reason instanceof ServiceError || at?.client.hasEnded !== true)',
      replace: 'signal.aborted',
    },
    subscriptions,
    'when the owner of a subscription goes, it goes on, and its next owner bars others and hands it over',
  ),
  caught(
    'answer-of-a-former-holder',
    'A gateway answers what it read of the tables although another one keeps them by then.',
    {
      file: 'src/gateway/held-calls.ts',
      find: 'const answer = await here();',
      replace: 'const answer = await here(); if (answer) return answer;',
    },
    held,
    'what was read is not answered when the duty has passed meanwhile, not even when it came back',
  ),
  caught(
    'anyone-is-a-gateway',
    'A gateway talks to whoever has a certificate, of whatever authority.',
    {
      file: 'src/http/peers/peer-hello.ts',
      find: 'rejectUnauthorized: true',
      replace: 'rejectUnauthorized: false',
    },
    strangers,
    'a stranger without a certificate, or with that of another cluster, hears nothing',
  ),
  caught(
    'silence-is-patience',
    'A gateway that does not answer pings is waited for.',
    {
      file: 'src/http/peers/peer-port.ts',
      find: "if (!this.#hasHeard && !signal.aborted) this.abandon('it is silent');",
      replace: '',
    },
    strangers,
    'a gateway that is silent for some seconds is gone, for whoever connected and for whom it did not',
  ),
  caught(
    'stuck-owner-is-asked-on',
    'An owner that does not get through to the log is asked for every append all the same.',
    {
      file: 'src/gateway/detours.ts',
      find: 'return oldest !== undefined && now - oldest.at >= slowMs;',
      replace: 'return false;',
    },
    'test/gateway/owner-goes.test.ts',
    'an owner that is there and does not get through to the log holds up no more than the first appends',
  ),
];

function caught(name: string, sentence: string, edit: SourceEdit, file: string, test: string): Mutant {
  return { name, sentence, edits: [edit], proof: { kind: 'test', file, test } };
}
