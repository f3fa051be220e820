import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, Harness } from './harness.ts';

// What a caller can have the server keep does not grow with the regions that it makes up.

async function create(server: Harness, region: string, input: object): Promise<Answer> {
  server.region = region;
  return await server.answer('CreateStream', { StreamName: 's', ...input });
}

function refused({ status, body }: Answer, message: RegExp): void {
  const { __type, message: said } = body as { __type: string; message: string };
  assert.deepEqual([status, __type], [400, 'LimitExceededException']);
  assert.match(said, message);
}

test("each region has AWS's quotas, and an account has five times the largest in all together", async () => {
  await using server = await Harness.start({ limits: 'aws', transitionDelay: 3_600_000 });
  for (let nth = 1; nth <= 5; nth++) {
    assert.equal((await create(server, `made-up-${nth}`, { ShardCount: 20_000 })).status, 200);
  }
  const total =
    /^This request would exceed the limit of 100000 shards of the account 000000000000 in all regions of this server, of which 100000 are taken; 1 more /;
  refused(await create(server, 'made-up-6', { ShardCount: 1 }), total);
  refused(await create(server, 'made-up-6', {}), / 4 more are asked for in made-up-6\.$/);
  const overAws = await create(server, 'made-up-1', { StreamName: 't', ShardCount: 1 });
  refused(overAws, /^This request would exceed the shard limit for the account 000000000000 in made-up-1\./);
  server.region = 'made-up-6';
  assert.deepEqual(await server.call('ListStreams'), {
    StreamNames: [],
    HasMoreStreams: false,
    StreamSummaries: [],
  });
});

for (const limits of ['aws', 'none'] as const) {
  test(`an account has settings in a thousand regions and in no more, and streams in any (limits ${limits})`, async () => {
    await using server = await Harness.start({ limits });
    const commit = async (region: string, Status = 'ENABLED') => {
      server.region = region;
      return await server.answer('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } });
    };
    for (let nth = 0; nth < 1000; nth++) assert.equal((await commit(`made-up-${nth}`)).status, 200);
    const full =
      /^The account 000000000000 has settings in 1000 regions of this server, and can have none in one-more\.$/;
    refused(await commit('one-more'), full);
    assert.deepEqual(await server.call('DescribeAccountSettings'), {
      MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
    });
    assert.equal((await commit('made-up-7', 'DISABLED')).status, 200);
    assert.equal((await create(server, 'one-more', { ShardCount: 1 })).status, 200);
  });
}
