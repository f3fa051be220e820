import { hash } from 'node:crypto';
import { searchedLogger } from '../../harness/canaries.ts';
import type { Authenticate } from '../../src/access/caller.ts';
import { emptyIdentity } from '../../src/access/identity/state.ts';
import { PolicyAuthorizer } from '../../src/access/policy/policy-authorizer.ts';
import { type LogFields, silentLogger } from '../../src/env/logger.ts';
import type { Handler, HttpRequest, Peer } from '../../src/env/network.ts';
import { noAudit } from '../../src/rpc/audit.ts';
import { CallRates } from '../../src/rpc/call-rate.ts';
import { browserRule } from '../../src/rpc/cors.ts';
import { createDispatch, type DispatchWorld } from '../../src/rpc/dispatch.ts';
import { type LargeBodies, readInput } from '../../src/rpc/large-body.ts';
import type { Operation, Prepared } from '../../src/rpc/operation.ts';
import type { Service } from '../../src/rpc/service.ts';
import { json } from '../../src/wire/json/json.ts';
import { required, string, structure } from '../../src/wire/shape.ts';
import { targetProtocol } from '../../src/wire/target-protocol.ts';
import { aCaller } from '../access/a-caller.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

export const caller = aCaller();
export const peer: Peer = { address: '192.0.2.7', secure: false, listener: '127.0.0.1:4567' };

/** A service of two operations on things, of which one also goes a fast path: `{"Thing":"fast"}`. */
export class ToyService {
  /** What was done, in order. */
  readonly done: string[] = [];
  readonly service: Service<ToyService>;

  constructor(name: string) {
    const operations = [this.#operation('Look', 'here'), this.#operation('Change', 'owner')];
    this.service = {
      name,
      scopes: [name],
      protocols: [targetProtocol('awsJson1_1', json, `Toy_${name}`)],
      operations: new Map(operations.map((operation) => [operation.name, operation])),
      unserved: new Set(['Dream']),
      world: this,
    };
  }

  #operation(name: string, runs: 'here' | 'owner'): Operation<ToyService, typeof input, typeof output> {
    const prepared = (thing: string): Prepared<Promise<{ Said: string }>> => ({
      resource: resourceOf(thing),
      run: async () => {
        this.done.push(`${name} ${thing}`);
        return { Said: thing };
      },
    });
    return {
      name,
      summary: 'Plays.',
      runs,
      rate: { perSecond: 2, per: 'stream' },
      input,
      output,
      prepare: (_world, { Thing }) => prepared(Thing),
      fastPath: new Map([
        [
          json,
          (_world, body) => {
            const thing = /^\{"Thing":"(fast\w*)"\}$/.exec(String(body))?.[1];
            if (thing === undefined) return undefined;
            const { resource, run } = prepared(thing);
            return { resource, run: async () => json.encode(await run(), output) };
          },
        ],
      ]),
    };
  }
}

const input = structure('LookInput', { Thing: required(string({ max: 20 })) });
const output = structure('LookOutput', { Said: required(string()) });

/** Things whose names end with an x are another account's. */
function resourceOf(thing: string): string {
  const account = thing.endsWith('x') ? '111111111111' : caller.account;
  return `arn:aws:toy:us-east-1:${account}:stream/${thing}`;
}

/** What a dispatcher of services answers to a call in JSON, and what it logs. */
export function dispatchOf(
  toys: readonly { readonly service: Service }[],
  changes: Partial<DispatchWorld> = {},
  authenticate: Authenticate = () => caller,
) {
  const logged: LogFields[] = [];
  const clock = new ManualClock();
  const world: DispatchWorld = {
    clock,
    random: new TestRandom(1),
    logger: searchedLogger({ ...silentLogger, debug: (_message, fields) => void logged.push(fields ?? {}) }),
    authenticate,
    authorizer: new PolicyAuthorizer({ identity: { state: emptyIdentity }, clock, enforced: false }),
    audit: noAudit,
    browsers: browserRule(undefined, false),
    pages: {},
    rates: new CallRates(clock),
    bodies: readingHere,
    ...changes,
  };
  const handle = createDispatch(
    toys.map(({ service }) => service),
    world,
  );
  return { world, logged, handle, call: (target: string, body: string) => call(handle, target, body) };
}

async function call(handle: Handler, target: string, body: string) {
  const { status, headers, body: answered } = await handle(requestOf(target, body));
  return { status, headers, said: JSON.parse(String(answered)) as unknown };
}

export function requestOf(target: string, body: string): HttpRequest {
  return {
    method: 'POST',
    target: '/',
    rawHeaders: ['Host', 'localhost', 'X-Amz-Target', target, 'Content-Type', json.contentType],
    body: Buffer.from(body),
    peer,
  };
}

/** Reads large bodies in this thread. */
const readingHere: LargeBodies = {
  hash: async (body) => ({ body, sha256: hash('sha256', body) }),
  read: async (body, { protocol, operation, called }) => ({
    input: readInput(protocol, body, called, operation.input),
    memory: [],
  }),
};
