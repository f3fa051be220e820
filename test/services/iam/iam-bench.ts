import { IAMClient } from '@aws-sdk/client-iam';
import { HttpResponse, type HttpRequest as SentRequest } from '@smithy/protocol-http';
import type { Caller } from '../../../src/access/caller.ts';
import { type FollowedIdentity, openIdentity } from '../../../src/access/identity/identity.ts';
import { type RootKey, rootKeyOf } from '../../../src/access/keys/root-key.ts';
import { PolicyAuthorizer } from '../../../src/access/policy/policy-authorizer.ts';
import { profileCaller } from '../../../src/access/profile-caller.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Handler, HttpRequest } from '../../../src/env/network.ts';
import type { Engine } from '../../../src/log/log.ts';
import { noAudit } from '../../../src/rpc/audit.ts';
import { browserRule } from '../../../src/rpc/cors.ts';
import { createDispatch } from '../../../src/rpc/dispatch.ts';
import { type LargeBodies, readInput } from '../../../src/rpc/large-body.ts';
import { iam } from '../../../src/services/iam/iam.ts';
import { received } from '../../access/sigv4/signer.ts';
import { journalsUnderTest } from '../../log/log-under-test.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../kinesis/manual-clock.ts';

export const account = '111111111111';

/** IAM over a log in memory, and the official client for it, without sockets in between. */
export class IamBench {
  readonly clock: ManualClock;
  readonly log: Engine;
  readonly rootKey: RootKey = rootKeyOf([Buffer.alloc(32, 1)], new TestRandom(2));
  readonly identity: FollowedIdentity;
  /** Who calls. */
  caller: Caller = rootOf(account);
  /** What was answered last, as text. */
  answered = '';
  readonly handle: Handler;
  readonly client: IAMClient;

  private constructor(identity: FollowedIdentity, log: Engine, clock: ManualClock) {
    this.identity = identity;
    this.log = log;
    this.clock = clock;
    const random = new TestRandom(1);
    const { rootKey } = this;
    const world = { identity, rootKey, clock, random };
    this.handle = createDispatch([iam(world)], {
      clock,
      random,
      logger: silentLogger,
      authenticate: () => this.caller,
      authorizer: new PolicyAuthorizer({ identity, clock, enforced: true }),
      browsers: browserRule(undefined, false),
      pages: {},
      rates: undefined,
      audit: noAudit,
      bodies: readingHere,
    });
    this.client = new IAMClient({
      endpoint: 'http://localhost:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: {
        handle: async (request: SentRequest) => ({ response: await this.#respond(request) }),
      },
      maxAttempts: 1,
    });
  }

  static async start(): Promise<IamBench> {
    const clock = new ManualClock();
    const log = journalsUnderTest(clock);
    return new IamBench(await openIdentity(log), log, clock);
  }

  /** Sends a form, and answers the XML with its request id left out. */
  async post(form: Readonly<Record<string, string>>): Promise<string> {
    const body = Buffer.from(String(new URLSearchParams({ ...form, Version: '2010-05-08' })));
    const rawHeaders = ['Host', 'localhost', 'Content-Type', 'application/x-www-form-urlencoded'];
    const { status, body: xml } = await this.handle({ method: 'POST', target: '/', rawHeaders, body, peer });
    return `${status} ${String(xml).replace(/<RequestId>[^<]*</, '<RequestId>ID<')}`;
  }

  async #respond(sent: SentRequest): Promise<HttpResponse> {
    const body = Buffer.from(sent.body as string);
    const request: HttpRequest = { ...received(sent, body), peer };
    const { status, headers, body: answer } = await this.handle(request);
    this.answered = String(answer);
    return new HttpResponse({
      statusCode: status,
      headers: { ...headers },
      body: Buffer.from(this.answered),
    });
  }
}

const peer = { address: '127.0.0.1', secure: false, listener: 'localhost:1' };

/** The root user of an account. */
export function rootOf(id: string, region = 'us-east-1'): Caller {
  return {
    ...profileCaller({ accessKeyId: 'AKIAROOT', region, service: 'iam' }, id, 'root', 'profile'),
    arn: `arn:aws:iam::${id}:root`,
    userId: id,
    principal: { kind: 'root' },
  };
}

/** Bodies here are small. */
const readingHere: LargeBodies = {
  hash: async (body) => ({ body, sha256: '' }),
  read: async (body, { protocol, operation, called }) => ({
    input: readInput(protocol, body, called, operation.input),
    memory: [],
  }),
};

/** `Name: message` of the error that a call is refused with; `fine` when it is not. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'fine';
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
}

/** A policy of one statement. */
export function allowing(action: string, resource = '*'): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
  });
}

/** A trust policy for a service, as stacks write them. */
export function trusting(service: string): string {
  const Principal = { Service: service };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  });
}
