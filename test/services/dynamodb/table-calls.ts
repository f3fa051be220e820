import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpResponse } from '@smithy/protocol-http';
import type { Caller } from '../../../src/access/caller.ts';
import type { Access } from '../../../src/access/policy/access.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Handler } from '../../../src/env/network.ts';
import type { Engine } from '../../../src/log/log.ts';
import { dynamodb } from '../../../src/services/dynamodb/dynamodb.ts';
import { LateTables } from '../../../src/services/dynamodb/tables/late-tables.ts';
import { dynamodbWorld } from '../../../src/services/dynamodb/world.ts';
import { type Background, runInBackground } from '../../../src/stream/background.ts';
import { aCaller } from '../../access/a-caller.ts';
import { journalsUnderTest } from '../../log/log-under-test.ts';
import { TestRandom } from '../../log/world.ts';
import { dispatchOf } from '../../rpc/toy.ts';
import { ManualClock } from '../kinesis/manual-clock.ts';
import { tablesRequest } from './tables-request.ts';

type Members = Readonly<Record<string, unknown>>;
type Answer = { readonly status: number; readonly body: Members; readonly bytes: Buffer };

/** The service on its own, over a log in memory, for callers who need no signature. */
export class TableCalls implements AsyncDisposable {
  /** What permissions were asked for since the last call. */
  asked: Access[] = [];
  caller: Caller = aCaller();
  /** The actions that are denied. */
  readonly denied = new Set<string>();
  readonly clock: ManualClock;
  readonly #log: Engine;
  readonly #handle: Handler;
  readonly #background: Background;

  constructor(log?: Engine, clock = new ManualClock()) {
    this.clock = clock;
    this.#log = log ?? journalsUnderTest(clock);
    const tables = new LateTables(this.#log, { clock, logger: silentLogger, transitionDelay: 0 });
    this.#background = runInBackground([tables.tick], clock, silentLogger);
    const random = new TestRandom(3);
    const service = dynamodb(dynamodbWorld({ clock, random, tables, background: this.#background }));
    const authorizer = {
      authorize: (access: Access) => {
        this.asked.push(access);
        if (this.denied.has(access.action)) throw new Error(`denied: ${access.action}`);
      },
      needsFacts: () => true,
    };
    this.#handle = dispatchOf([{ service }], { clock, random, authorizer }, () => this.caller).handle;
  }

  /** The same tables as another start finds them, from the log alone. */
  again(): TableCalls {
    return new TableCalls(this.#log, this.clock);
  }

  async answer(operation: string, input: object | string): Promise<Answer> {
    this.asked = [];
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    const { status, body } = await this.#handle({ ...tablesRequest(operation, text), peer });
    const bytes = bytesOf(body);
    return { status, bytes, body: bytes.length === 0 ? {} : (JSON.parse(String(bytes)) as Members) };
  }

  /** The answer to a call that must succeed. */
  async call(operation: string, input: object): Promise<Members> {
    const { status, body } = await this.answer(operation, input);
    if (status !== 200) throw new Error(`${operation} answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** `ok`, or the name and the message of an error. */
  async outcome(operation: string, input: object | string): Promise<string> {
    const { status, body } = await this.answer(operation, input);
    if (status === 200) return 'ok';
    const type = String(body['__type']).split('#').at(-1);
    return `${type}: ${body['message'] ?? body['Message'] ?? ''}`;
  }

  /** A table with a hash key `id`, and a range key `at` of numbers if it is wanted. */
  async createTable(TableName: string, hasRange = false, more: object = {}): Promise<void> {
    await this.call('CreateTable', {
      TableName,
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        ...(hasRange ? [{ AttributeName: 'at', KeyType: 'RANGE' }] : []),
      ],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        ...(hasRange ? [{ AttributeName: 'at', AttributeType: 'N' }] : []),
      ],
      BillingMode: 'PAY_PER_REQUEST',
      ...more,
    });
    await this.settled();
  }

  /** Lets the background do what is due. */
  async settled(): Promise<void> {
    await this.clock.advance(1);
  }

  /** The official client, without a socket between them. */
  client(): DynamoDBClient {
    return new DynamoDBClient({
      endpoint: 'http://localhost:4567',
      region: 'us-east-1',
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'the secret of the tests' },
      maxAttempts: 1,
      requestHandler: {
        handle: async (request: SentRequest) => {
          const answered = await this.#handle({
            method: request.method,
            target: request.path,
            rawHeaders: Object.entries(request.headers).flat(),
            body: bytesOf(request.body),
            peer,
          });
          const headers = Object.entries(answered.headers).map(([name, value]) => [
            name.toLowerCase(),
            value,
          ]);
          const body = bytesOf(answered.body);
          const response = { statusCode: answered.status, headers: Object.fromEntries(headers), body };
          return { response: new HttpResponse(response) };
        },
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#background.stop();
  }
}

type SentRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
};

const peer = { address: '192.0.2.7', secure: false, listener: '127.0.0.1:4567' };

function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.concat(Array.isArray(body) ? body : body instanceof Uint8Array ? [body] : []);
}
