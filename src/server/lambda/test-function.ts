import type { Clock } from '../../env/clock.ts';
import type { AttachedContext } from '../../services/lambda/functions/function-runner.ts';
import type { Server } from '../server.ts';
import type { ClientConfig } from '../testing.ts';
import { AwsCalls, type AwsRequest } from './aws-calls.ts';

/** What a function of a stream is given (Lambda developer guide, "Using Lambda with Kinesis"). */
export type KinesisEvent = { readonly Records: readonly KinesisEventRecord[] };

export type KinesisEventRecord = {
  readonly kinesis: {
    readonly kinesisSchemaVersion: string;
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** In base64. */
    readonly data: string;
    /** In seconds since 1970. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly eventSource: string;
  readonly eventVersion: string;
  readonly eventID: string;
  readonly eventName: string;
  readonly invokeIdentityArn: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
};

export type LambdaContext = AttachedContext;

/** What it returns, or resolves to, is the answer, as JSON. */
export type LambdaHandler<Event> = {
  // As a method: a handler may ask for more of the context than there is, as AWS's types do.
  handle(event: Event, context: LambdaContext): unknown;
}['handle'];

/** The members of CreateEventSourceMapping, in camel case, and what the function has besides its name. */
export type LambdaTestOptions = {
  /** The name of a stream, or the ARN of a stream or of a consumer. Without one there is no mapping. */
  readonly stream?: string;
  /** With what of the stream it begins; `TRIM_HORIZON`, everything, unless it says. */
  readonly startingPosition?: 'TRIM_HORIZON' | 'LATEST';
  readonly batchSize?: number;
  readonly maximumBatchingWindowInSeconds?: number;
  readonly parallelizationFactor?: number;
  readonly bisectBatchOnFunctionError?: boolean;
  readonly maximumRetryAttempts?: number;
  readonly maximumRecordAgeInSeconds?: number;
  readonly tumblingWindowInSeconds?: number;
  readonly functionResponseTypes?: readonly 'ReportBatchItemFailures'[];
  /** Patterns, each an object or its JSON: one that matches lets a record in. */
  readonly filters?: readonly (object | string)[];
  /** The ARN of where failed batches go. */
  readonly onFailure?: string;
  /** From 1 to 900; 60 unless it says. */
  readonly timeoutSeconds?: number;
  /** The ARN of the execution role, which has to be there where signatures are verified. */
  readonly role?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

export type TestFunction = {
  readonly functionArn: string;
  /** The UUID of its mapping; undefined without a stream. */
  readonly mapping: string | undefined;
};

type TestWorld = {
  readonly server: Pick<Server, 'attach' | 'handle' | 'url'>;
  readonly clientConfig: ClientConfig;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
};

/** Makes the function, and its mapping if it has a stream; resolves once that is Enabled. */
export async function testFunction<Event>(
  world: TestWorld,
  name: string,
  handler: LambdaHandler<Event>,
  options: LambdaTestOptions = {},
): Promise<TestFunction> {
  const { stream, timeoutSeconds, role, environment, ...mapping } = options;
  const about = {
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(role !== undefined && { role }),
    ...(environment !== undefined && { environment }),
  };
  const functionArn = await world.server.attach(
    name,
    (event, context) => handler(event as Event, context),
    about,
  );
  if (stream === undefined) return { functionArn, mapping: undefined };
  const calls = callsIn(world);
  const EventSourceArn = stream.startsWith('arn:') ? stream : await arnOf(calls, stream);
  const made = await mapped(calls, name, EventSourceArn, mapping);
  await enabled(calls, world.clock, made);
  return { functionArn, mapping: made.UUID };
}

/** A server with a directory may have the mapping of an earlier run, which goes on from where it was. */
async function mapped(
  calls: AwsCalls,
  name: string,
  EventSourceArn: string,
  { startingPosition = 'TRIM_HORIZON', ...mapping }: MappingOptions,
): Promise<Mapping> {
  const members = { FunctionName: name, ...membersOf(mapping) };
  const query = `?FunctionName=${name}&EventSourceArn=${encodeURIComponent(EventSourceArn)}`;
  const { EventSourceMappings: known } = await calls.lambda<Mappings>('GET', `${mappingsPath}${query}`);
  if (known[0] !== undefined) {
    return await calls.lambda<Mapping>('PUT', `${mappingsPath}/${known[0].UUID}`, {
      ...members,
      Enabled: true,
    });
  }
  const made = { ...members, EventSourceArn, StartingPosition: startingPosition };
  return await calls.lambda<Mapping>('POST', mappingsPath, made);
}

type Mappings = { readonly EventSourceMappings: readonly Mapping[] };

type Mapping = { readonly UUID: string; readonly State: string };

const mappingsPath = '/2015-03-31/event-source-mappings';

function callsIn({ server, clientConfig, clock }: TestWorld): AwsCalls {
  const { region, credentials } = clientConfig;
  const host = server.url.startsWith('unix:') ? 'localhost' : new URL(server.url).host;
  const send = async ({ headers, body, ...request }: AwsRequest) => {
    const answer = await server.handle({
      ...request,
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(body),
    });
    const named = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]);
    return { status: answer.status, headers: Object.fromEntries(named), body: bytesOf(answer.body) };
  };
  return new AwsCalls({ host, region, credentials, clock, send });
}

/** None of these calls is answered with events. */
function bytesOf(body: Awaited<ReturnType<Server['handle']>>['body']): Buffer {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return Buffer.from(body);
  return Array.isArray(body) ? Buffer.concat(body) : Buffer.alloc(0);
}

async function arnOf(calls: AwsCalls, StreamName: string): Promise<string> {
  type Answer = { readonly StreamDescriptionSummary: { readonly StreamARN: string } };
  const answer = await calls.kinesis<Answer>('DescribeStreamSummary', { StreamName });
  return answer.StreamDescriptionSummary.StreamARN;
}

type MappingOptions = Omit<LambdaTestOptions, 'stream' | 'timeoutSeconds' | 'role' | 'environment'>;

function membersOf({ filters, onFailure, ...others }: Omit<MappingOptions, 'startingPosition'>): object {
  const named = Object.entries(others).map(([name, value]) => [
    name[0]!.toUpperCase() + name.slice(1),
    value,
  ]);
  const patterns = filters?.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return {
    ...Object.fromEntries(named),
    ...(patterns && { FilterCriteria: { Filters: patterns.map((Pattern) => ({ Pattern })) } }),
    ...(onFailure && { DestinationConfig: { OnFailure: { Destination: onFailure } } }),
  };
}

async function enabled(
  calls: AwsCalls,
  clock: Pick<Clock, 'sleep'>,
  { UUID, State }: Mapping,
): Promise<void> {
  for (let state = State; state !== 'Enabled'; ) {
    await clock.sleep(lookMs);
    ({ State: state } = await calls.lambda<Mapping>('GET', `${mappingsPath}/${UUID}`));
  }
}

const lookMs = 5;
