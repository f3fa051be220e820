import { formatStreamArn } from '../../../kinesis/arn.ts';
import { operation } from '../../../rpc/operation.ts';
import { required, structure } from '../../../wire/shape.ts';
import { consumerShape, consumerTarget, requireConsumer, viewConsumer } from '../parts/consumer-target.ts';
import { streamArn } from '../parts/shapes.ts';

export const describeStreamConsumer = operation({
  name: 'DescribeStreamConsumer',
  summary: 'Describes a registered consumer.',
  rate: { perSecond: 20, per: 'stream' },
  input: structure('DescribeStreamConsumerInput', consumerTarget),
  output: structure('DescribeStreamConsumerOutput', {
    ConsumerDescription: required(
      structure('ConsumerDescription', { ...consumerShape.members, StreamARN: required(streamArn) }),
    ),
  }),
  async handle({ catalog }, request, caller) {
    const registered = requireConsumer(catalog.state, request, caller);
    return {
      ConsumerDescription: { ...viewConsumer(registered), StreamARN: formatStreamArn(registered.stream) },
    };
  },
});
