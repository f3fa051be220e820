import type { Clock, Millis } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';
import { type AwsCalls, AwsError } from '../../server/lambda/aws-calls.ts';
import type { FoundCode } from './found-code.ts';
import type { RunRequest } from './function-request.ts';
import { printOutput } from './printed-output.ts';

export type RunWorld = {
  readonly calls: AwsCalls;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly say: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
};

/**
 * Runs code that lies on this machine with the records of a stream until it is told to end, prints what it
 * writes and answers, and removes what was made for it. Rejects with `AwsError` for what is refused, and with
 * `StartError` when the server cannot be reached.
 */
export async function runFunction(request: RunRequest, code: FoundCode, world: RunWorld): Promise<void> {
  await using made = new AsyncDisposableStack();
  const arn = await streamFor(request.stream, world, made);
  const name = request.name ?? nameOf(code.folder);
  await makeFunction(name, { ...request, role: request.role ?? roleBeside(arn) }, code, world, made);
  const from = request.from === 'latest' ? 'what is put from now on' : 'all that is there';
  await map(name, arn, request, world, made);
  const { say, signal } = world;
  say(
    `${name} runs ${code.handler} (${code.runtime}) in ${code.folder} with ${from} of ${request.stream}.\n` +
      'A file that changes counts from the next call on. Ctrl-C ends it, and removes what was made for it.\n',
  );
  await printOutput(name, { ...world, follows: true });
  if (signal.aborted) say('\n');
}

/** The stream's ARN. One that is made here goes in the end. */
async function streamFor(
  StreamName: string,
  { calls, clock, say }: RunWorld,
  made: AsyncDisposableStack,
): Promise<string> {
  type Summary = { readonly StreamDescriptionSummary: { StreamARN: string; StreamStatus: string } };
  const summary = async () =>
    (await calls.kinesis<Summary>('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary;
  try {
    return (await summary()).StreamARN;
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'ResourceNotFoundException') throw error;
  }
  await calls.kinesis('CreateStream', { StreamName, ShardCount: 1 });
  made.defer(() => quietly(calls.kinesis('DeleteStream', { StreamName })));
  let stream = await summary();
  for (; stream.StreamStatus === 'CREATING'; stream = await summary()) await clock.sleep(lookMs);
  say(`The stream ${StreamName} was made, with one shard.\n`);
  return stream.StreamARN;
}

async function makeFunction(
  FunctionName: string,
  { environment, timeoutSeconds: Timeout, role: Role }: RunRequest,
  { folder, handler: Handler, runtime: Runtime }: FoundCode,
  { calls }: RunWorld,
  made: AsyncDisposableStack,
): Promise<void> {
  const Variables = { ...environment, MILLRACE_CODE_FOLDER: folder };
  const input = { FunctionName, Role, Runtime, Handler, Timeout, Code: {}, Environment: { Variables } };
  try {
    await calls.lambda('POST', functionsPath, input);
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'ResourceConflictException') throw error;
    throw new StartError(`there is a function ${FunctionName} already: --name gives this one another name`);
  }
  made.defer(() => quietly(calls.lambda('DELETE', `${functionsPath}/${FunctionName}`)));
}

type Mapping = { readonly UUID: string; readonly State: string };

async function map(
  FunctionName: string,
  EventSourceArn: string,
  { batchSize, from }: RunRequest,
  { calls, clock }: RunWorld,
  made: AsyncDisposableStack,
): Promise<void> {
  const StartingPosition = from === 'latest' ? 'LATEST' : 'TRIM_HORIZON';
  const asked = { FunctionName, EventSourceArn, StartingPosition, BatchSize: batchSize };
  const { UUID } = await calls.lambda<Mapping>('POST', mappingsPath, asked);
  const path = `${mappingsPath}/${UUID}`;
  made.defer(() => quietly(unmap(path, calls, clock)));
  const state = async () => (await calls.lambda<Mapping>('GET', path)).State;
  while ((await state()) !== 'Enabled') await clock.sleep(lookMs);
}

/** One that is just being made cannot be deleted yet. Resolves when it is gone. */
async function unmap(path: string, calls: AwsCalls, clock: Pick<Clock, 'sleep'>): Promise<void> {
  for (let tries = 0; tries < triesMax; tries++) {
    try {
      await calls.lambda('DELETE', path);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.name === 'ResourceNotFoundException') return;
    }
    await clock.sleep(lookMs);
  }
}

/** What is in the way of removing one thing is no reason to leave another, and the server may be gone. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof AwsError || error instanceof StartError)) throw error;
  }
}

/** A role of the stream's account, which has to be there only where signatures are verified. */
function roleBeside(streamArn: string): string {
  const [, partition, , , account] = streamArn.split(':');
  return `arn:${partition}:iam::${account}:role/function-run`;
}

function nameOf(folder: string): string {
  const name = folder.slice(folder.lastIndexOf('/') + 1).replaceAll(/[^a-zA-Z0-9-_]/g, '-');
  return name.slice(0, 64) || 'function';
}

const functionsPath = '/2015-03-31/functions';
const mappingsPath = '/2015-03-31/event-source-mappings';
const lookMs: Millis = 50;
/** Ten seconds: longer than any state passes that is not asked to take long. */
const triesMax = 200;
