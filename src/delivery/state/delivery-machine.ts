import { strict as assert } from 'node:assert';
import { factMachine } from '../../journal/fact-machine.ts';
import type { FactsState } from '../../journal/held-facts.ts';
import type { StateMachine } from '../../journal/state-machine.ts';
import { ServiceError } from '../../wire/service-error.ts';
import type {
  DeliveryEdit,
  DeliveryKinds,
  DeliveryProgress,
  DeliveryState,
  Positions,
} from './delivery-state.ts';

/** Of all delivery streams and all progress, in bytes of JSON. This limit is ours: all of it is in memory. */
export const stateBytesMax = 64 * 1024 * 1024;

/** What deliveries keep as a state that is replayed from a log. */
export function deliveryMachine(
  bytesMax = stateBytesMax,
): StateMachine<FactsState<DeliveryKinds>, DeliveryEdit> {
  return factMachine<DeliveryKinds>({
    name: 'delivery streams',
    kinds: { stream: true, progress: true },
    room: {
      bytesMax,
      isExempt,
      refusal: (message) => new ServiceError('LimitExceededException', message),
    },
    requireSound,
  });
}

/** What is there goes on, however full it is: a delivery notes its progress, a stream changes its status. */
function isExempt({ of, key }: DeliveryEdit, before: DeliveryState): boolean {
  return of === 'progress' || before.get(of, key) !== undefined;
}

function requireSound(before: DeliveryState, after: DeliveryState, edits: readonly DeliveryEdit[]): void {
  for (const { of, key } of edits) {
    if (of === 'progress') requireProgress(before.get(of, key), after.get(of, key));
  }
}

/** What was delivered never is again, and a plan only goes away with what it was for. */
function requireProgress(before: DeliveryProgress | undefined, after: DeliveryProgress | undefined): void {
  if (after === undefined) return;
  const { done, plan, nextChunk } = after;
  if (plan !== undefined) {
    assert(plan.number === nextChunk, 'a plan is of the next chunk');
    requireForward(done, plan.to);
  }
  if (before === undefined || before.stream !== after.stream) return;
  assert(nextChunk >= before.nextChunk, 'the numbers of chunks go up');
  requireForward(before.done, done);
  for (const shard of Object.keys(before.done)) assert(done[shard] !== undefined, 'no position is forgotten');
}

function requireForward(from: Positions, to: Positions): void {
  for (const [shard, { next, isFinished }] of Object.entries(to)) {
    assert(Number.isSafeInteger(next) && next >= 0, 'a position is an offset');
    const earlier = from[shard];
    if (earlier === undefined) continue;
    assert(next >= earlier.next, 'positions do not go back');
    assert(earlier.isFinished !== true || isFinished === true, 'a shard that is finished stays so');
  }
}
