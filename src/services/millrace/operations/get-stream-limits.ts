import { formatStreamArn } from '../../../kinesis/arn.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { streamLimits, viewEffective, viewLimits } from '../parts/stream-limits.ts';
import { requireStream, resourceOf, streamTarget } from '../parts/stream-target.ts';

export const getStreamLimits = operation({
  name: 'GetStreamLimits',
  summary:
    'Answers what was set for the shards of a stream, and what they take and give in a second by that; what is absent there is not limited.',
  runs: 'here',
  input: structure('GetStreamLimitsInput', streamTarget),
  output: structure('GetStreamLimitsOutput', {
    StreamName: required(string()),
    StreamARN: required(string()),
    Limits: required(streamLimits),
    Effective: required(streamLimits),
  }),
  prepare: ({ catalog, limited }, request, caller) => ({
    resource: resourceOf(request, caller),
    async run() {
      const stream = requireStream(catalog.state, request, caller);
      return {
        StreamName: stream.name,
        StreamARN: formatStreamArn(stream),
        Limits: viewLimits(stream.limits),
        Effective: viewEffective(stream.limits, limited),
      };
    },
  }),
});
