import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditNote } from '../../../src/gateway/requests.ts';
import type { AuditEvent } from '../../../src/rpc/audit.ts';
import { Recorder } from '../../../src/server/audit/recorder.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { TestRandom } from '../../log/world.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

const event: AuditEvent = {
  kind: 'refused',
  requestId: 'a-request',
  service: 'toy',
  operation: {
    name: 'Look',
    input: { kind: 'structure', name: 'Nothing', members: {}, names: [], shapes: [], demanding: [] },
    output: undefined,
  },
  caller: undefined,
  peer: { address: '192.0.2.7', secure: false, listener: '127.0.0.1:4567' },
  headers: new Map(),
  error: new ServiceError('InvalidSignatureException', 'no'),
};

test('refusals that anyone can cause are counted when they are many, and calls are all recorded', async () => {
  const clock = new ManualClock();
  const notes: AuditNote[] = [];
  const options = { account: '000000000000', region: undefined };
  const recorder = new Recorder(options, { clock, random: new TestRandom(1) }, (note) => notes.push(note));
  for (let nth = 0; nth < 100; nth++) recorder.record(event);
  recorder.record({ ...event, error: new ServiceError('ExpiredTokenException', 'late') });
  assert.equal(notes.length, 6);
  await clock.advance(1_000);
  assert.equal(notes.length, 7);
  assert.deepEqual(JSON.parse(notes[6]!.line).additionalEventData, { recordsLeftOut: 95 });
  for (let nth = 0; nth < 100; nth++) recorder.record({ ...event, kind: 'call' });
  assert.equal(notes.filter(({ kind }) => kind === 'call').length, 100);
  recorder.close();
});
