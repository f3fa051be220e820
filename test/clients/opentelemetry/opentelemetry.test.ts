import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OfficialClients } from '../../server/official-clients.ts';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { startGuardedServer } from '../guarded-server.ts';
import { createStream } from '../known-records.ts';
import { textsIn } from '../texts-in.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await whyMissing(['go', 'build', '-o', 'build/exporter', '.'], folder));
const streamName = 'logs';
const count = 1000;

test("OpenTelemetry's exporter sends a log over TLS", { skip }, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createStream(clients.kinesis, streamName, 2);
  const command = ['./build/exporter', streamName, String(count)] as const;
  using trust = await encrypted(server);
  const overTls = { AWS_ENDPOINT_URL: trust.url, AWS_CA_BUNDLE: trust.authority };
  await runProgram({ command, folder, environment: { ...server.environment, ...overTls }, seconds: 600 });
  const found = (await textsIn(clients.kinesis, streamName)).flatMap(numbersIn);
  assert.deepEqual(
    found.sort((one, two) => one - two),
    Array.from({ length: count }, (_, number) => number),
  );
  counted(t, `${found.length} of ${count} lines sent, none twice`);
});

/** As OpenTelemetry writes logs in JSON. */
type Logs = {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly { readonly body: { readonly stringValue: string } }[];
    }[];
  }[];
};

function numbersIn(text: string): number[] {
  const { resourceLogs } = JSON.parse(text) as Logs;
  const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
  return records.map(({ body }) => Number(body.stringValue));
}
