import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { TestServer } from '../../src/server/testing.ts';

/** The official clients of tables and of metrics. */
export class StoreClients implements Disposable {
  readonly dynamodb: DynamoDBClient;
  readonly cloudwatch: CloudWatchClient;
  /** A table `items` with a hash key `id`, but for its billing. */
  readonly definition = {
    TableName: 'items',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  };

  constructor({ clientConfig }: TestServer) {
    const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: false } });
    const config = { ...clientConfig, maxAttempts: 1, requestHandler };
    this.dynamodb = new DynamoDBClient(config);
    this.cloudwatch = new CloudWatchClient(config);
  }

  async createTable(billing: Partial<CreateTableCommandInput>): Promise<void> {
    await this.dynamodb.send(new CreateTableCommand({ ...this.definition, ...billing }));
    const patience = { client: this.dynamodb, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
    await waitUntilTableExists(patience, { TableName: this.definition.TableName });
  }

  [Symbol.dispose](): void {
    this.dynamodb.destroy();
    this.cloudwatch.destroy();
  }
}
