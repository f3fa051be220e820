import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelSpecOf } from '../../../src/delivery/channel/channel-spec.ts';
import { channelNames } from '../../../src/delivery/names/channel-names.ts';
import { sampleChannel } from '../../kinesis/sample.ts';

const context = {
  owner: { name: 'to-bucket', number: 'id' },
  streamName: 'orders',
  oldest: Date.UTC(2026, 6, 4, 5, 6),
  random: 'abcdef',
  index: 3,
  extension: '.gz',
};

/** The key of an object of a channel with a template, and `*` where it is unique. */
function keyOf(keyTemplate: string): string {
  const { destination: to } = sampleChannel();
  assert(to.kind === 'S3');
  const channel = sampleChannel({ destination: { ...to, keyTemplate } });
  const { destination } = channelSpecOf(channel, () => assert.fail('no tables'));
  assert(destination.kind === 's3' && destination.target.names.kind === 'channel');
  const key = channelNames(destination.target.names.template).nameOf(context);
  const [unique] = /-000003-[a-z0-9]{11}/.exec(key)!;
  assert(unique.length <= 38);
  return key.replace(unique, '*');
}

test('keys of objects are what their templates say, and unique in front of their extension', () => {
  assert.equal(
    keyOf(
      'a/!{channel-name}/!{channel-id}/stream=!{stream-name}/!{yyyy}-!{yy}-!{MM}-!{dd}T!{HH}!{mm}!{extension}',
    ),
    'a/to-bucket/id/stream=orders/2026-26-07-04T0506*.gz',
  );
  assert.equal(keyOf('data/!{yyyy}/x!{extension:.json.gz}'), 'data/2026/x*.json.gz');
  assert.equal(keyOf('data/!{HH}/'), 'data/05/to-bucket-id*.gz');
});
