import { streamKeyOf } from '../../../catalog/state.ts';
import { type Consumer, isServing, type Stream } from '../../../kinesis/stream.ts';
import { required, structure } from '../../../wire/shape.ts';
import { resourceInUse } from '../errors.ts';
import { operation } from '../operation.ts';
import { consumerShape, viewConsumer } from '../parts/consumer-target.ts';
import { tagContext } from '../parts/facts.ts';
import { onStream } from '../parts/prepare.ts';
import { consumerName, streamArn, tagMap } from '../parts/shapes.ts';
import { checkTagText, mergeTags } from '../parts/tag.ts';
import { requireActive, requireStreamAt } from '../parts/target.ts';

export const registerStreamConsumer = operation({
  name: 'RegisterStreamConsumer',
  summary: 'Registers a consumer for enhanced fan-out; it is CREATING at first and ACTIVE soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('RegisterStreamConsumerInput', {
    StreamARN: required(streamArn),
    ConsumerName: required(consumerName),
    Tags: tagMap,
  }),
  output: structure('RegisterStreamConsumerOutput', { Consumer: required(consumerShape) }),
  prepare({ catalog, clock, background, quotas }, request, caller) {
    const prepared = onStream(request, caller, async (address) => {
      const tags = request.Tags ?? {};
      checkTagText(Object.entries(tags).flat());
      const now = clock.now();
      const consumer: Consumer = {
        name: request.ConsumerName,
        status: 'CREATING',
        createdAt: now,
        since: now,
        tags: mergeTags([], tags, address),
        policy: null,
      };
      const state = await catalog.commit((current) => {
        const stream = requireStreamAt(current, address);
        requireNew(stream, consumer);
        if (!isServing(stream)) requireActive(stream);
        quotas.requireConsumerRoom(current, stream, now);
        return [{ kind: 'consumer-changed', key: streamKeyOf(stream), consumer }];
      });
      background.nudge();
      return { Consumer: viewConsumer({ stream: requireStreamAt(state, address), consumer }) };
    });
    const context = tagContext(request.Tags);
    // With tags it takes the permission to tag, too (API reference, RegisterStreamConsumer).
    const second = Math.floor(clock.now() / 1000);
    const consumer = `${prepared.resource}/consumer/${request.ConsumerName}:${second}`;
    const tagging = { action: 'kinesis:TagResource', resource: consumer };
    const own = { action: 'kinesis:RegisterStreamConsumer', resource: prepared.resource };
    return { ...prepared, context, permissions: context && [own, tagging] };
  },
});

function requireNew(stream: Stream, { name }: Consumer): void {
  if (!stream.consumers.some((consumer) => consumer.name === name)) return;
  throw resourceInUse(
    `Consumer ${name} under stream ${stream.name} already exists for account ${stream.account}.`,
  );
}
