import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NbdSession } from '../../torture/nbd-session.ts';

function session() {
  const content = Buffer.alloc(1024);
  const flushes: number[] = [];
  const replies: Buffer[] = [];
  const device = {
    size: content.length,
    read: (offset: number, length: number) => content.subarray(offset, offset + length),
    write: (offset: number, data: Buffer) => void data.copy(content, offset),
    flush: () => void flushes.push(1),
  };
  const nbd = new NbdSession(device, (reply) => void replies.push(reply));
  const taken = () => Buffer.concat(replies.splice(0)).toString('hex');
  return { nbd, content, flushes, taken };
}

const clientFlags = '00000003';
const go = '49484156454f5054' + '00000007' + '00000006' + '000000000000';
const request = (type: string, offset: string, length: string, data = '') =>
  `25609513${'0000'}${type}${'1122334455667788'}${offset.padStart(16, '0')}${length.padStart(8, '0')}${data}`;
const answered = `6744669800000000${'1122334455667788'}`;

test('a client is greeted, and told of the one export', () => {
  const { nbd, taken } = session();
  nbd.greet();
  assert.equal(taken(), `${Buffer.from('NBDMAGICIHAVEOPT').toString('hex')}0003`);
  assert.ok(nbd.take(Buffer.from(clientFlags + go, 'hex')));
  const reply = '0003e889045565a9' + '00000007';
  assert.equal(
    taken(),
    `${reply}00000003${'0000000c'}${'0000'}${'0000000000000400'}${'0005'}${reply}00000001${'00000000'}`,
  );
});

test('writes, reads and flushes are answered, also when they come in pieces', () => {
  const { nbd, taken, content, flushes } = session();
  nbd.take(Buffer.from(clientFlags + go, 'hex'));
  taken();
  const all = request('0001', '10', '2', 'cafe') + request('0003', '0', '0') + request('0000', '10', '3');
  for (const byte of Buffer.from(all, 'hex')) assert.ok(nbd.take(Buffer.of(byte)));
  assert.equal(taken(), `${answered}${answered}${answered}cafe00`);
  assert.equal(content.readUInt16BE(16), 0xcafe);
  assert.equal(flushes.length, 1);
});

test('an option that is not known is refused, and a disconnect ends the session', () => {
  const { nbd, taken } = session();
  nbd.take(Buffer.from(`${clientFlags}49484156454f50540000000800000000`, 'hex'));
  assert.equal(taken(), '0003e889045565a9' + '00000008' + '80000001' + '00000000');
  nbd.take(Buffer.from(go, 'hex'));
  assert.equal(nbd.take(Buffer.from(request('0002', '0', '0'), 'hex')), false);
});
