import type { Caller } from '../../../access/caller.ts';
import type { Edit } from '../../../catalog/edit.ts';
import { type CatalogState, streamKeyOf } from '../../../catalog/state.ts';
import type { Stream, StreamSettings } from '../../../kinesis/stream.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import type { KinesisWorld } from '../world.ts';
import { onStream } from './prepare.ts';
import { requireStreamAt, type Target } from './target.ts';

/** A call that changes its stream by the edits of `decide`; the background may have to finish them. */
export function changeStream(
  { catalog, background }: KinesisWorld,
  request: Target,
  caller: Caller,
  decide: (stream: Stream, state: CatalogState) => Edit[],
): Prepared<Promise<void>> {
  return onStream(request, caller, async (address) => {
    await catalog.commit((state) => decide(requireStreamAt(state, address), state));
    background.nudge();
  });
}

/** A call that changes settings of its stream at once. */
export function setStream(
  { catalog }: KinesisWorld,
  request: Target,
  caller: Caller,
  decide: (stream: Stream) => Partial<StreamSettings>,
): Prepared<Promise<void>> {
  return onStream(request, caller, async (address) => {
    await catalog.commit((state) => {
      const stream = requireStreamAt(state, address);
      return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings: decide(stream) }];
    });
  });
}
