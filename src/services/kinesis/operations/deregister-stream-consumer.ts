import { streamKeyOf } from '../../../catalog/state.ts';
import { operation } from '../../../rpc/operation.ts';
import { structure } from '../../../wire/shape.ts';
import { consumerTarget, requireConsumer } from '../parts/consumer-target.ts';

export const deregisterStreamConsumer = operation({
  name: 'DeregisterStreamConsumer',
  summary: 'Removes a consumer; it is DELETING at first and gone soon after.',
  rate: { perSecond: 5, per: 'stream' },
  input: structure('DeregisterStreamConsumerInput', consumerTarget),
  output: undefined,
  async handle({ catalog, clock, background }, request, caller) {
    await catalog.commit((state) => {
      const { stream, consumer } = requireConsumer(state, request, caller);
      if (consumer.status === 'DELETING') return [];
      const leaving = { ...consumer, status: 'DELETING', since: clock.now() } as const;
      return [{ kind: 'consumer-changed', key: streamKeyOf(stream), consumer: leaving }];
    });
    background.nudge();
  },
});
