import type { Caller } from '../../../access/caller.ts';
import { streamKeyOf } from '../../../catalog/state.ts';
import { limits } from '../../../kinesis/limits.ts';
import { type Stream, trimHorizon } from '../../../kinesis/stream.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { integer, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import type { KinesisWorld } from '../world.ts';
import { target } from './shapes.ts';
import { changeStream } from './stream-change.ts';
import { requireActive } from './target.ts';

const members = { ...target, RetentionPeriodHours: required(integer()) };

export const increaseInput = structure('IncreaseStreamRetentionPeriodInput', members);
export const decreaseInput = structure('DecreaseStreamRetentionPeriodInput', members);

/** Sets a stream's retention if `check` passes the hours. What is past the old one stays gone. */
export function changeRetention(
  world: KinesisWorld,
  request: TypeOf<typeof increaseInput>,
  caller: Caller,
  check: (stream: Stream, hours: number) => void,
): Prepared<Promise<void>> {
  return changeStream(world, request, caller, (stream) => {
    const hours = request.RetentionPeriodHours;
    requireRetention(hours);
    check(stream, hours);
    requireActive(stream);
    if (hours === stream.retentionHours) return [];
    const trimmedBefore = Math.max(0, trimHorizon(stream, world.clock.now()));
    const settings = { retentionHours: hours, trimmedBefore };
    return [{ kind: 'settings-changed', key: streamKeyOf(stream), settings }];
  });
}

/** The hours go the wrong way for this operation. */
export function wrongWay(
  stream: Stream,
  hours: number,
  way: 'shorter' | 'longer',
  other: string,
): ServiceError {
  return invalidArgument(
    `Requested retention period (${hours} hours) for stream ${stream.name} can not be ${way} than existing ` +
      `retention period (${stream.retentionHours} hours). Use ${other} API.`,
  );
}

function requireRetention(hours: number): void {
  const { retentionHoursMin: min, retentionHoursMax: max } = limits;
  if (hours < min) {
    throw invalidArgument(
      `Minimum allowed retention period is ${min} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > max) {
    throw invalidArgument(
      `Maximum allowed retention period is ${max} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
}
