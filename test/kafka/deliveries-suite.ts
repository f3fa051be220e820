import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordBatchCommand,
} from '@aws-sdk/client-firehose';
import { MillraceProcess, temporaryDirectory } from '../server/process.ts';
import type { RealCluster } from './real-cluster.ts';

const DeliveryStreamName = 'lines';

/** Two gateways that deliver into one folder, on real brokers. */
export function deliveriesSuite(cluster: RealCluster): void {
  suite('deliveries of several gateways', () => {
    after(() => cluster.heal());

    test('what any gateway has acknowledged is in one object each, though the one that delivers is killed', async () => {
      using directory = temporaryDirectory();
      const lake = join(directory.path, 's3', 'lake');
      mkdirSync(lake, { recursive: true });
      await using one = gatewayOn(cluster, directory.path, 'one');
      await using two = gatewayOn(cluster, directory.path, 'two');
      const [first, second] = [clientOf(await one.ready()), clientOf(await two.ready())];
      await first.send(creation());
      await active(second);
      const sent: string[] = [];
      const unsure = new Set<string>();
      // Of a put that failed nobody knows what became: it is put again under other names.
      const put = async (client: FirehoseClient, text: string) => {
        for (let attempt = 0; ; attempt++) {
          const lines = Array.from({ length: 200 }, (_, nth) => `${text}-${attempt}-${nth}`);
          const Records = lines.map((line) => ({ Data: Buffer.from(`${line}\n`) }));
          const command = new PutRecordBatchCommand({ DeliveryStreamName, Records });
          const { FailedPutCount } = await client.send(command);
          if (FailedPutCount === 0) {
            sent.push(...lines);
            return;
          }
          for (const line of lines) unsure.add(line);
          await sleep(200);
        }
      };
      const delivered = () =>
        readdirSync(lake, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.parentPath.includes('.unfinished'))
          .flatMap((entry) =>
            String(readFileSync(join(entry.parentPath, entry.name)))
              .trimEnd()
              .split('\n'),
          );
      const acknowledged = () => delivered().filter((line) => !unsure.has(line));
      for (let round = 0; round < 5; round++) {
        await put(first, `one-${round}`);
        await put(second, `two-${round}`);
      }
      while (delivered().length === 0) await sleep(50);
      // Whichever of them delivers: one goes, and comes back in another place.
      one.kill('SIGKILL');
      await one.ended;
      await put(second, 'alone');
      while (acknowledged().length < sent.length) await sleep(50);
      await using three = gatewayOn(cluster, directory.path, 'three');
      const third = clientOf(await three.ready());
      two.kill('SIGKILL');
      await two.ended;
      await put(third, 'last');
      while (acknowledged().length < sent.length) await sleep(50);
      assert.deepEqual(acknowledged().sort(), sent.toSorted());
      assert.equal(new Set(delivered()).size, delivered().length);
    });
  });
}

function gatewayOn({ bootstrap }: RealCluster, directory: string, name: string): MillraceProcess {
  return new MillraceProcess(
    [
      ...['serve', '--engine', 'kafka', '--brokers', bootstrap, '--cluster', 'deliveries', '--port', '0'],
      ...[
        '--data',
        join(directory, name),
        '--s3',
        `file://${join(directory, 's3')}`,
        '--root-key',
        'env:ROOT_KEY',
      ],
      ...['--rack', 'az1', '--limits', 'none', '--workers', '0'],
    ],
    { env: { ROOT_KEY: '5'.repeat(64) } },
  );
}

function clientOf(endpoint: string): FirehoseClient {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new FirehoseClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 10 });
}

function creation(): CreateDeliveryStreamCommand {
  return new CreateDeliveryStreamCommand({
    DeliveryStreamName,
    ExtendedS3DestinationConfiguration: {
      RoleARN: 'arn:aws:iam::000000000000:role/delivery',
      BucketARN: 'arn:aws:s3:::lake',
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 1 },
    },
  });
}

async function active(client: FirehoseClient): Promise<void> {
  for (;;) {
    const described = await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName }));
    if (described.DeliveryStreamDescription?.DeliveryStreamStatus === 'ACTIVE') return;
    await sleep(50);
  }
}
