import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OverloadedError, UnavailableError } from '../../src/log/log.ts';
import { type Freshness, KeptFreshness, recentMs } from '../../src/rpc/freshness.ts';
import { largeBytes } from '../../src/rpc/large-body.ts';
import type { Operation } from '../../src/rpc/operation.ts';
import type { Service } from '../../src/rpc/service.ts';
import { json } from '../../src/wire/json/json.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { required, string, structure } from '../../src/wire/shape.ts';
import { targetProtocol } from '../../src/wire/target-protocol.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';
import { caller, dispatchOf } from './toy.ts';

const input = structure('Input', { Thing: required(string()) });
const output = structure('Output', { Said: required(string()) });

/** A gateway that knows some things, of those that there are. */
class Gateway implements Freshness {
  readonly known = new Set<string>();
  readonly there = new Set<string>();
  readonly service: Service<Gateway>;
  /** What happened, in order. */
  readonly log: string[] = [];
  isAway = false;
  isRecentHere = true;

  constructor() {
    const operations = [this.#operation('Describe'), this.#operation('Put', 'data')];
    this.service = {
      name: 'one',
      scopes: ['one'],
      protocols: [targetProtocol('awsJson1_1', json, 'One')],
      operations: new Map(operations.map((operation) => [operation.name, operation])),
      unserved: new Set(),
      world: this,
    };
  }

  async current(): Promise<void> {
    this.log.push('asked');
    if (this.isAway) throw new UnavailableError('no broker answers');
    for (const thing of this.there) this.known.add(thing);
  }

  isRecent(): boolean {
    return this.isRecentHere;
  }

  #operation(name: string, audit?: 'data'): Operation<Gateway, typeof input, typeof output> {
    return {
      ...{ name, summary: 'Plays.', runs: 'here', input, output },
      ...(audit && { audit }),
      prepare: (_world, { Thing }) => ({
        resource: `arn:aws:toy:us-east-1:${caller.account}:thing/${Thing.slice(0, 5)}`,
        run: async () => {
          if (!this.known.has(Thing.slice(0, 5)))
            throw new ServiceError('ResourceNotFoundException', 'not here');
          this.log.push(name);
          return { Said: Thing.slice(0, 5) };
        },
      }),
    };
  }

  /** Answers the body of an answer. */
  async ask(operation: string, thing: string, isShared = true): Promise<unknown> {
    const { call } = dispatchOf([this], isShared ? { freshness: this } : {});
    return (await call(`One.${operation}`, JSON.stringify({ Thing: thing }))).said;
  }
}

test('an operation of the control plane is carried out on what was true anywhere when it was asked', async () => {
  const gateway = new Gateway();
  gateway.there.add('thing');
  assert.deepEqual(await gateway.ask('Describe', 'thing'), { Said: 'thing' });
  assert.deepEqual(gateway.log, ['asked', 'Describe']);
});

test('records are put without asking anyone, but before a stream is said not to be there', async () => {
  const gateway = new Gateway();
  gateway.known.add('known');
  gateway.there.add('there');
  assert.deepEqual(await gateway.ask('Put', 'known'), { Said: 'known' });
  assert.deepEqual(gateway.log, ['Put']);
  assert.deepEqual(await gateway.ask('Put', 'there'), { Said: 'there' });
  assert.deepEqual(gateway.log, ['Put', 'asked', 'Put']);
  const refused = { __type: 'ResourceNotFoundException', message: 'not here' };
  assert.deepEqual(await gateway.ask('Put', 'where'), refused);
  assert.deepEqual(gateway.log.slice(3), ['asked']);
});

test('a body so large that it is read but once is asked for first', async () => {
  const gateway = new Gateway();
  gateway.there.add('large');
  assert.deepEqual(await gateway.ask('Put', 'large'.padEnd(largeBytes)), { Said: 'large' });
  assert.deepEqual(gateway.log, ['asked', 'Put']);
});

test('records are not put by what a gateway knew long ago: what others have taken away must be known', async () => {
  const gateway = new Gateway();
  gateway.known.add('thing');
  gateway.isRecentHere = false;
  assert.deepEqual(await gateway.ask('Put', 'thing'), { Said: 'thing' });
  assert.deepEqual(gateway.log, ['asked', 'Put']);
  gateway.isAway = true;
  assert.equal(((await gateway.ask('Put', 'thing')) as { __type: string }).__type, 'InternalFailure');
});

test('what is known is renewed before it is old, and counts from when its read began', async () => {
  const clock = new ManualClock();
  const answers: PromiseWithResolvers<void>[] = [];
  const read = () => {
    const answer = Promise.withResolvers<void>();
    answers.push(answer);
    return answer.promise;
  };
  const freshness = new KeptFreshness(read, clock);
  assert.equal(freshness.isRecent(), false);
  assert.equal(freshness.isRecent(), false);
  assert.equal(answers.length, 1);
  await clock.advance(4_000);
  answers[0]!.resolve();
  await settled();
  assert.equal(freshness.isRecent(), true);
  assert.equal(answers.length, 2, 'it is 4 seconds old already');
  answers[1]!.reject(new Error('no broker answers'));
  await settled();
  await clock.advance(recentMs - 4_001);
  assert.equal(freshness.isRecent(), true);
  await clock.advance(1);
  assert.equal(freshness.isRecent(), false);
});

test('a gateway that is alone asks nobody', async () => {
  const gateway = new Gateway();
  gateway.there.add('thing');
  await gateway.ask('Describe', 'thing', false);
  await gateway.ask('Put', 'thing', false);
  assert.deepEqual(gateway.log, []);
});

test('what is true elsewhere and cannot be asked is not answered: the client is to try again', async () => {
  const gateway = new Gateway();
  gateway.known.add('thing');
  gateway.isAway = true;
  const failure = {
    __type: 'InternalFailure',
    message: 'Too few of the machines that keep this answer; try again.',
  };
  assert.deepEqual(await gateway.ask('Describe', 'thing'), failure);
  assert.deepEqual(await gateway.ask('Put', 'other'), failure);
  assert.deepEqual(await gateway.ask('Put', 'thing'), { Said: 'thing' });
});

test('a caller that others have made unknown does nothing but with records, and with them not for long', async () => {
  const gateway = new Gateway();
  gateway.known.add('thing');
  gateway.current = async () => {
    gateway.known.add('revoked');
  };
  const { call } = dispatchOf([gateway], { freshness: gateway }, () => {
    if (gateway.known.has('revoked')) throw new ServiceError('UnrecognizedClientException', 'who?');
    return caller;
  });
  const refused = { __type: 'UnrecognizedClientException', message: 'who?' };
  assert.deepEqual((await call('One.Put', '{"Thing":"thing"}')).said, { Said: 'thing' });
  assert.deepEqual((await call('One.Describe', '{"Thing":"thing"}')).said, refused);
  gateway.known.delete('revoked');
  gateway.isRecentHere = false;
  assert.deepEqual((await call('One.Put', '{"Thing":"thing"}')).said, refused);
  assert.deepEqual(gateway.log, ['Put']);
});

test('a caller that this gateway does not know is asked for before it is refused, and any other is not', async () => {
  const gateway = new Gateway();
  gateway.there.add('thing').add('key');
  const refusals: string[] = ['UnrecognizedClientException', 'InvalidSignatureException'];
  for (const refusal of refusals) {
    gateway.log.length = 0;
    gateway.known.clear();
    const { call } = dispatchOf([gateway], { freshness: gateway }, () => {
      if (gateway.known.has('key')) return caller;
      throw new ServiceError(refusal, 'who?');
    });
    const { said } = await call('One.Put', '{"Thing":"thing"}');
    if (refusal === refusals[0]) assert.deepEqual(said, { Said: 'thing' });
    else assert.deepEqual([said, gateway.log], [{ __type: refusal, message: 'who?' }, []]);
  }
});

test('what requests keep while others are asked is bounded, and what keeps nothing waits for its turn', async () => {
  const answered = Promise.withResolvers<void>();
  const freshness = new KeptFreshness(() => answered.promise, new ManualClock());
  const kept = [40, 40].map((mebibytes) => freshness.current(mebibytes << 20));
  await assert.rejects(freshness.current(1), OverloadedError);
  const light = freshness.current();
  answered.resolve();
  await Promise.all([...kept, light]);
  await freshness.current(1);
});
