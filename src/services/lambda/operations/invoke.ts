import { blob, integer, required, sensitive, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { invalidValue, lambdaError, unservedPart } from '../errors.ts';
import { type FunctionTarget, payloadBytesMax } from '../functions/functions.ts';
import { operation } from '../operation.ts';
import { requireVersion } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';
import type { LambdaWorld } from '../world.ts';

const input = structure('InvocationRequest', {
  FunctionName: required(functionName),
  InvocationType: string({ values: ['Event', 'RequestResponse', 'DryRun'] }),
  LogType: string({ values: ['None', 'Tail'] }),
  ClientContext: sensitive(string()),
  DurableExecutionName: string(),
  Payload: blob({ isSensitive: true }),
  Qualifier: qualifier,
  TenantId: string(),
});

type Request = TypeOf<typeof input>;

export const invoke = operation({
  name: 'Invoke',
  summary: 'Runs a function and answers what it answers; or has it run, or asks whether it may be.',
  runs: 'owner',
  audit: 'data',
  input,
  output: structure('InvocationResponse', {
    StatusCode: integer(),
    FunctionError: string(),
    LogResult: sensitive(string()),
    Payload: blob(),
    ExecutedVersion: string(),
    DurableExecutionArn: string(),
  }),
  prepare: (world, request, caller) => {
    const target = functionNamed(request.FunctionName, caller, request.Qualifier);
    const resource = functionArn(target);
    return {
      resource,
      permissions: [{ action: 'lambda:InvokeFunction', resource }],
      run: () => invoked(world, target, request),
    };
  },
});

async function invoked(world: LambdaWorld, target: FunctionTarget, request: Request) {
  const { journal, events, functions } = world.opened();
  const { InvocationType: type = 'RequestResponse', ClientContext: clientContext } = request;
  if (request.DurableExecutionName !== undefined) throw unservedPart('A durable execution');
  if (request.TenantId !== undefined)
    throw invalidValue('The invoked function is not enabled with tenancy configuration.');
  const payload = payloadOf(request, type === 'Event' ? eventBytesMax : payloadBytesMax);
  // Before it is said that it was taken.
  requireVersion(journal.state, target);
  if (type === 'DryRun') return { StatusCode: 204 };
  if (type === 'Event') {
    events.push({ target, payload, clientContext });
    return { StatusCode: 202 };
  }
  const outcome = await functions.invoke(target, payload, { clientContext });
  return {
    StatusCode: 200,
    FunctionError: outcome.functionError,
    LogResult: request.LogType === 'Tail' ? outcome.logTail.toString('base64') : undefined,
    Payload: outcome.payload,
    ExecutedVersion: outcome.executedVersion,
  };
}

/** Lambda quotas, "Invocation payload", asynchronous. */
const eventBytesMax = 1024 * 1024;

/**
 * An event without a text is an empty object, as at AWS. It has memory of its own, as it may outlive the
 * request.
 */
function payloadOf({ Payload }: Request, bytesMax: number): Buffer {
  if (Payload === undefined || Payload.length === 0) return Buffer.from('{}');
  if (Payload.length > bytesMax) {
    throw lambdaError(
      'RequestTooLargeException',
      `${Payload.length} byte payload is too large for the InvokeFunction operation: it must be smaller than ` +
        `${bytesMax} bytes.`,
    );
  }
  try {
    JSON.parse(Payload.toString());
  } catch (error) {
    throw lambdaError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as SyntaxError).message}`,
    );
  }
  return Buffer.from(Payload);
}
