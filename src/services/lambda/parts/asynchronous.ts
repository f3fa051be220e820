import { integer, type OutputOf, string, structure, type TypeOf, timestamp } from '../../../wire/shape.ts';
import { invalidValue, notFound, unservedPart } from '../errors.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import {
  type AsynchronousSettings,
  type FunctionRecord,
  functionKeyOf,
  type LambdaState,
} from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';
import { requireVersion } from './found.ts';
import { functionArn } from './function-arn.ts';
import { functionSaid } from './function-change.ts';
import { latest } from './latest.ts';

const destination = string({ min: 0, max: 350 });
const destinationConfig = structure('DestinationConfig', {
  OnSuccess: structure('OnSuccess', { Destination: destination }),
  OnFailure: structure('OnFailure', { Destination: destination }),
});

/** What may be said of invocations that nobody waits for. */
export const asynchronousMembers = {
  MaximumRetryAttempts: integer({ min: 0, max: 2 }),
  MaximumEventAgeInSeconds: integer({ min: 60, max: 21_600 }),
  DestinationConfig: destinationConfig,
};

export const asynchronousConfig = structure('FunctionEventInvokeConfig', {
  LastModified: timestamp(),
  FunctionArn: string(),
  MaximumRetryAttempts: integer(),
  MaximumEventAgeInSeconds: integer(),
  DestinationConfig: destinationConfig,
});

const asynchronousRequest = structure('AsynchronousRequest', asynchronousMembers);
type Request = TypeOf<typeof asynchronousRequest>;

/** Refuses a request that says nothing, and destinations. The first text is AWS's. */
function requireAsynchronous({
  MaximumRetryAttempts,
  MaximumEventAgeInSeconds,
  DestinationConfig,
}: Request): void {
  const all = [MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig];
  if (all.every((each) => each === undefined)) {
    throw invalidValue('You must specify at least one of error handling or destination setting.');
  }
  const { OnSuccess, OnFailure } = DestinationConfig ?? {};
  if (OnSuccess?.Destination || OnFailure?.Destination) {
    throw unservedPart('A destination of asynchronous invocations (DestinationConfig)');
  }
}

/**
 * Says what a request does of invocations of its target; what it does not say is as `before` answers, which
 * throws where that is refused. Answers all that is said then.
 */
export async function sayAsynchronous(
  world: LambdaWorld,
  target: FunctionTarget,
  request: Request,
  before: (state: LambdaState) => Partial<AsynchronousSettings>,
): Promise<OutputOf<typeof asynchronousConfig>> {
  requireAsynchronous(request);
  const now = world.clock.now();
  let settings = asynchronousAfter({}, request, now);
  await world.opened().journal.commit((state) => {
    settings = asynchronousAfter(before(state), request, now);
    return [functionSaid(withAsynchronous(requireNamed(state, target), target, settings))];
  });
  return viewAsynchronous(target, settings);
}

/** As a request leaves them: what it does not say is as `before`. */
function asynchronousAfter(
  before: Partial<AsynchronousSettings>,
  { MaximumRetryAttempts, MaximumEventAgeInSeconds }: Request,
  modifiedAt: number,
): AsynchronousSettings {
  return {
    retries: MaximumRetryAttempts ?? before.retries,
    maximumAgeSeconds: MaximumEventAgeInSeconds ?? before.maximumAgeSeconds,
    modifiedAt,
  };
}

export function viewAsynchronous(
  target: FunctionTarget,
  { retries, maximumAgeSeconds, modifiedAt }: AsynchronousSettings,
): OutputOf<typeof asynchronousConfig> {
  return {
    LastModified: modifiedAt,
    FunctionArn: arnOf(target),
    MaximumRetryAttempts: retries,
    MaximumEventAgeInSeconds: maximumAgeSeconds,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  };
}

/** The settings of what a target names, or AWS's error where there are none. */
export function requireSettings(state: LambdaState, target: FunctionTarget): AsynchronousSettings {
  const found = state.get('function', functionKeyOf(target));
  const settings = found?.asynchronous?.[target.qualifier ?? latest];
  if (settings !== undefined) return settings;
  throw notFound(`The function ${arnOf(target)} doesn't have an EventInvokeConfig`);
}

/** The function, if there is what a target names. */
export function requireNamed(state: LambdaState, target: FunctionTarget): FunctionRecord {
  const found = state.get('function', functionKeyOf(target));
  if (found === undefined) throw notFound("The function doesn't exist.");
  requireVersion(state, target);
  return found;
}

export function withAsynchronous(
  found: FunctionRecord,
  { qualifier = latest }: FunctionTarget,
  settings: AsynchronousSettings | undefined,
): FunctionRecord {
  const { [qualifier]: _, ...others } = found.asynchronous ?? {};
  return {
    ...found,
    asynchronous: settings === undefined ? others : { ...others, [qualifier]: settings },
  };
}

function arnOf(target: FunctionTarget): string {
  return functionArn({ ...target, qualifier: target.qualifier ?? latest });
}
