import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelsOf } from '../../src/catalog/state.ts';
import type { Channel } from '../../src/kinesis/channel.ts';
import { type ChannelActivation, ChannelLifecycle } from '../../src/stream/channel-lifecycle.ts';
import { sampleChannel, sampleStream } from '../kinesis/sample.ts';
import { settled } from '../services/kinesis/manual-clock.ts';
import { World } from './world.ts';

const delay = 100;
const ready: ChannelActivation = { begin: async () => undefined };

/** A world with one channel, which has just been asked to become something. */
async function worldWith(changes: Partial<Channel>): Promise<World> {
  const world = await World.with(sampleStream(2, { mode: 'ON_DEMAND' }));
  const channel = sampleChannel({ since: world.clock.now(), ...changes });
  await world.catalog.commit(() => [{ kind: 'channel-changed', channel }]);
  return world;
}

function channelIn(world: World): Channel | undefined {
  return channelsOf(world.catalog.state, { id: '1' })[0];
}

async function advanced(world: World, lifecycle: ChannelLifecycle): Promise<number | undefined> {
  await world.clock.advance(delay);
  const next = await lifecycle.tick();
  await settled();
  return next;
}

test('a channel that is CREATING waits for its time, and is ACTIVE once it is ready', async () => {
  const world = await worldWith({ status: 'CREATING' });
  const begun: Channel[] = [];
  const begin: ChannelActivation['begin'] = async (channel, stream) => {
    assert.equal(stream.id, '1');
    begun.push(channel);
    return undefined;
  };
  await using lifecycle = new ChannelLifecycle(world, { begin }, delay);
  assert.equal(await lifecycle.tick(), delay);
  assert.equal(channelIn(world)?.status, 'CREATING');
  await advanced(world, lifecycle);
  assert.equal(channelIn(world)?.status, 'ACTIVE');
  assert.deepEqual(
    begun.map(({ status }) => status),
    ['CREATING'],
  );
  assert.equal(await lifecycle.tick(), undefined);
});

test('a channel that never can deliver has FAILED, and says why in as many characters as AWS has', async () => {
  const world = await worldWith({ status: 'CREATING' });
  const begin = async () => `there is no bucket ${'b'.repeat(3000)}`;
  await using lifecycle = new ChannelLifecycle(world, { begin }, delay);
  await advanced(world, lifecycle);
  const channel = channelIn(world)!;
  assert.equal(channel.status, 'FAILED');
  assert.match(channel.reason!, /^there is no bucket b{2029}$/);
  assert.equal(await lifecycle.tick(), undefined);
});

test('a channel whose store does not answer is tried again, and keeps neither streams nor others waiting', async () => {
  const world = await worldWith({ status: 'CREATING' });
  const other = sampleChannel({ id: '2', name: 'other', status: 'UPDATING', since: 0 });
  await world.catalog.commit(() => [{ kind: 'channel-changed', channel: other }]);
  const outcomes = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let tries = 0;
  const begin = () => outcomes[tries++]!.promise;
  await using lifecycle = new ChannelLifecycle(world, { begin }, delay);
  assert.equal(await advanced(world, lifecycle), 1_000);
  await lifecycle.tick();
  assert.equal(tries, 1, 'it is under way');
  assert.equal(channelsOf(world.catalog.state, { id: '1' })[1]?.status, 'ACTIVE');
  outcomes[0]!.reject(new Error('nobody answers'));
  await settled();
  assert.equal(channelIn(world)?.status, 'CREATING');
  await lifecycle.tick();
  outcomes[1]!.resolve(undefined);
  await settled();
  assert.equal(channelIn(world)?.status, 'ACTIVE');
});

test('a channel that was deleted while it was made ready goes, and what was set meanwhile stays', async () => {
  for (const status of ['DELETING', 'CREATING'] as const) {
    const world = await worldWith({ status: 'CREATING' });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    await using lifecycle = new ChannelLifecycle(world, { begin: () => promise }, delay);
    await advanced(world, lifecycle);
    const tags = [{ key: 'k', value: 'v' }];
    const since = status === 'DELETING' ? world.clock.now() : channelIn(world)!.since;
    const channel = { ...channelIn(world)!, status, since, tags };
    await world.catalog.commit(() => [{ kind: 'channel-changed', channel }]);
    resolve(undefined);
    await settled();
    assert.equal(channelIn(world)?.status, status === 'DELETING' ? 'DELETING' : 'ACTIVE');
    assert.deepEqual(channelIn(world)?.tags, tags);
    await advanced(world, lifecycle);
    assert.equal(channelIn(world)?.status, status === 'DELETING' ? undefined : 'ACTIVE');
  }
});

test('a channel that is UPDATING or DELETING gets there in its time', async () => {
  for (const [status, after] of [
    ['UPDATING', 'ACTIVE'],
    ['DELETING', undefined],
  ] as const) {
    const world = await worldWith({ status });
    await using lifecycle = new ChannelLifecycle(world, ready, delay);
    assert.equal(await lifecycle.tick(), delay);
    assert.equal(channelIn(world)?.status, status);
    await advanced(world, lifecycle);
    assert.equal(channelIn(world)?.status, after);
  }
});

test('what is under way when a server ends is given up, and begun again by the next', async () => {
  const world = await worldWith({ status: 'CREATING' });
  const begin: ChannelActivation['begin'] = (_channel, _stream, signal) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  {
    await using lifecycle = new ChannelLifecycle(world, { begin }, delay);
    await advanced(world, lifecycle);
  }
  assert.equal(channelIn(world)?.status, 'CREATING');
  await world.restart();
  await using lifecycle = new ChannelLifecycle(world, ready, delay);
  await advanced(world, lifecycle);
  assert.equal(channelIn(world)?.status, 'ACTIVE');
});
