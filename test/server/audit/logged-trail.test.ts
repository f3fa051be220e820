import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Disk, readFile } from '../../../src/env/disk.ts';
import { LoggedTrail } from '../../../src/server/audit/logged-trail.ts';
import type { AuditQuery, SeenAuditRecord } from '../../../src/services/millrace/parts/audit-trail.ts';
import { FakeDisk } from '../../log/fake-disk.ts';

const begin = Date.parse('2026-11-29T10:00:00Z');
const own = { account: '000000000000', region: 'us-east-1' };
const clock = { turn: async () => {} };

type Said = {
  readonly second: number;
  readonly name?: string;
  readonly arn?: string;
  readonly account?: string;
  readonly region?: string;
  readonly error?: string;
  readonly source?: string;
  readonly padding?: number;
};

function line(said: Said): string {
  const { second, name = 'CreateStream', arn = 'arn:aws:iam::000000000000:user/ann', error } = said;
  const account = said.account ?? own.account;
  return JSON.stringify({
    eventTime: new Date(begin + 1000 * second).toISOString().replace('.000Z', 'Z'),
    eventSource: `${said.source ?? 'kinesis'}.amazonaws.com`,
    eventName: name,
    awsRegion: said.region ?? own.region,
    userIdentity: { arn, accountId: arn.split(':')[4] },
    requestID: `${second}`,
    resources: [{ ARN: `arn:aws:kinesis:us-east-1:${account}:stream/orders` }],
    recipientAccountId: account,
    ...(error !== undefined && { errorCode: error }),
    ...(said.padding !== undefined && { requestParameters: 'x'.repeat(said.padding) }),
  });
}

async function diskWith(files: Readonly<Record<string, string>>): Promise<Disk> {
  const disk = new FakeDisk();
  disk.isHasty = true;
  await disk.createDirectory('audit');
  for (const [name, text] of Object.entries(files)) {
    const file = await disk.open(`audit/${name}`, 'create');
    await file.write([Buffer.from(text)], 0);
    await file.close();
  }
  return disk;
}

const named = (kind: string, number: number) =>
  `${kind}-20261129T100000Z-${String(number).padStart(6, '0')}.jsonl`;

const linesOf = (all: readonly Said[]) => all.map((said) => `${line(said)}\n`).join('');

/** All pages, so many records at a time. */
async function pagesOf(
  trail: LoggedTrail,
  asked: Partial<AuditQuery> = {},
  recordsMax = 100,
): Promise<SeenAuditRecord[][]> {
  const pages: SeenAuditRecord[][] = [];
  let from: string | undefined;
  do {
    const { records, next } = await trail.read({ ...own, ...asked }, from, recordsMax);
    pages.push([...records]);
    from = next;
  } while (from !== undefined);
  return pages;
}

const ids = (records: readonly SeenAuditRecord[]) => records.map(({ requestId }) => Number(requestId));

test('records of all files and both kinds come newest first, each once, whatever the pages are', async () => {
  const disk = await diskWith({
    [named('calls', 1)]: linesOf([{ second: 1 }, { second: 2 }, { second: 4 }]),
    [named('calls', 2)]: linesOf([{ second: 6 }, { second: 7 }]),
    [named('refused', 1)]: linesOf([{ second: 3 }, { second: 5, error: 'InvalidSignatureException' }]),
  });
  const trail = new LoggedTrail({ disk, directory: 'audit' }, clock);
  for (const recordsMax of [1, 2, 3, 100]) {
    const pages = await pagesOf(trail, {}, recordsMax);
    assert.deepEqual(ids(pages.flat()), [7, 6, 5, 4, 3, 2, 1], `${recordsMax} a page`);
    assert.ok(pages.every(({ length }) => length <= recordsMax));
  }
});

test('lines longer than a piece are read, what a crash left of a line is left out', async () => {
  const whole = linesOf([{ second: 1 }, { second: 2, padding: 150_000 }, { second: 3, padding: 70_000 }]);
  const disk = await diskWith({
    [named('calls', 1)]: `{"eventTime":"2026-\n${whole}{"eventTime":"2026-11-29T1`,
  });
  const trail = new LoggedTrail({ disk, directory: 'audit' }, clock);
  const pages = await pagesOf(trail, {}, 1);
  assert.deepEqual(ids(pages.flat()), [3, 2, 1]);
  const text = String(await readFile(disk, `audit/${named('calls', 1)}`));
  assert.ok(pages.flat().every(({ json }) => text.includes(`${json}\n`)));
});

test('one call reads so many bytes and no more, and the next goes on there', async () => {
  const all = Array.from({ length: 120 }, (_, second) => ({ second, padding: 60_000 }));
  const disk = await diskWith({ [named('calls', 1)]: linesOf(all) });
  const trail = new LoggedTrail({ disk, directory: 'audit' }, clock);
  const pages = await pagesOf(trail, { operation: 'DeleteStream' });
  assert.ok(pages.length >= 2, `${pages.length} calls for 7 MB`);
  const found = await pagesOf(trail, { until: begin + 2_000 });
  assert.deepEqual(ids(found.flat()), [1, 0]);
  assert.ok(found.length >= 2);
});

test('records are found by time, caller, operation, resource and outcome', async () => {
  const disk = await diskWith({
    [named('calls', 1)]: linesOf([
      { second: 1 },
      { second: 2, name: 'PutKeyPolicy', source: 'kms', arn: 'arn:aws:iam::000000000000:user/bob' },
      { second: 3, error: 'AccessDeniedException' },
    ]),
  });
  const trail = new LoggedTrail({ disk, directory: 'audit' }, clock);
  const found = async (asked: Partial<AuditQuery>) => ids((await pagesOf(trail, asked)).flat());
  assert.deepEqual(await found({ since: begin + 2_000 }), [3, 2]);
  assert.deepEqual(await found({ until: begin + 2_000 }), [1]);
  assert.deepEqual(await found({ caller: 'user/bob' }), [2]);
  assert.deepEqual(await found({ operation: 'PutKeyPolicy' }), [2]);
  assert.deepEqual(await found({ operation: 'kms:PutKeyPolicy' }), [2]);
  assert.deepEqual(await found({ operation: 'kinesis:PutKeyPolicy' }), []);
  assert.deepEqual(await found({ resource: 'stream/orders' }), [3, 2, 1]);
  assert.deepEqual(await found({ outcome: 'failed' }), [3]);
  assert.deepEqual(await found({ outcome: 'ok' }), [2, 1]);
});

test('nobody is shown records of another account or region', async () => {
  const elsewhere = 'arn:aws:iam::111111111111:user/eve';
  const disk = await diskWith({
    [named('calls', 1)]: linesOf([
      { second: 1, account: '111111111111', arn: elsewhere },
      { second: 2, region: 'eu-west-1' },
      // Users are of no region.
      { second: 3, region: 'eu-west-1', source: 'iam' },
      // Who reached for what is another account's, or from there.
      { second: 4, account: '111111111111' },
      { second: 5, arn: elsewhere },
    ]),
  });
  const trail = new LoggedTrail({ disk, directory: 'audit' }, clock);
  assert.deepEqual(ids((await pagesOf(trail)).flat()), [5, 4, 3]);
});

test('a NextToken that was made up is refused, or leads to nothing that is not shown anyway', async () => {
  const disk = await diskWith({ [named('calls', 3)]: linesOf([{ second: 1 }, { second: 2 }]) });
  const trail = new LoggedTrail({ disk, directory: 'audit' }, clock);
  for (const token of ['', 'x', '1.1', '1.1-1.1-1.1', '-1.1-1.1', '1e3.1-1.1', '../calls.1-1.1']) {
    await assert.rejects(trail.read(own, token, 10), { message: 'Invalid NextToken.' }, token);
  }
  assert.deepEqual(await trail.read(own, '2.100-0.0', 10), { records: [], next: undefined });
  const cut = await trail.read(own, '3.20-0.0', 10);
  assert.deepEqual(cut, { records: [], next: undefined });
});
