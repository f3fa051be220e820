import { streamKeyOf } from '../../../catalog/state.ts';
import { structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { consumerTarget, requireConsumer } from '../parts/consumer-target.ts';
import { onConsumer } from '../parts/prepare.ts';

export const deregisterStreamConsumer = operation({
  name: 'DeregisterStreamConsumer',
  summary: 'Removes a consumer; it is DELETING at first and gone soon after.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('DeregisterStreamConsumerInput', consumerTarget),
  output: undefined,
  prepare: ({ catalog, clock, background }, request, caller) =>
    onConsumer(catalog.state, request, caller, async (named) => {
      await catalog.commit((state) => {
        const { stream, consumer } = requireConsumer(state, named, caller);
        if (consumer.status === 'DELETING') return [];
        const leaving = { ...consumer, status: 'DELETING', since: clock.now() } as const;
        return [{ kind: 'consumer-changed', key: streamKeyOf(stream), consumer: leaving }];
      });
      background.nudge();
    }),
});
