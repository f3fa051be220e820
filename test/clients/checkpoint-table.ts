import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { GuardedServer } from './guarded-server.ts';

/**
 * A table as consumers of Go keep their positions: one for each namespace, which is an application and a
 * stream, and shard.
 */
export async function createCheckpointTable(server: GuardedServer, name: string): Promise<void> {
  const { url: endpoint, region, credentials } = server;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const keys = ['namespace', 'shard_id'] as const;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.1 }, { TableName: name });
  client.destroy();
}
