import { streamKeyOf } from '../../../catalog/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { limitsSaid, streamLimits } from '../parts/stream-limits.ts';
import { requireStream, resourceOf, streamTarget } from '../parts/stream-target.ts';

export const putStreamLimits = operation({
  name: 'PutStreamLimits',
  summary:
    "Sets what each shard of a stream takes and gives in a second, in place of all that was set before; nothing but the server's limits where nothing is given.",
  runs: 'owner',
  input: structure('PutStreamLimitsInput', { ...streamTarget, Limits: required(streamLimits) }),
  output: undefined,
  prepare: ({ catalog }, request, caller) => ({
    resource: resourceOf(request, caller),
    async run() {
      const limits = limitsSaid(request.Limits);
      await catalog.commit((state) => [
        { kind: 'limits-changed', key: streamKeyOf(requireStream(state, request, caller)), limits },
      ]);
    },
  }),
});
