import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-firehose';
import { operations } from '../../src/services/firehose/operations.ts';
import { awsOperations } from './aws-model.ts';
import { differences } from './differences.ts';

/** In what we differ from the model, and why. What is not here fails, and what no longer is so fails too. */
const declared: Readonly<Record<string, readonly string[]>> = {
  'What is not delivered to is in no description.': [
    'DestinationDescription.AmazonOpenSearchServerlessDestinationDescription is missing',
    'DestinationDescription.AmazonopensearchserviceDestinationDescription is missing',
    'DestinationDescription.ElasticsearchDestinationDescription is missing',
    'DestinationDescription.RedshiftDestinationDescription is missing',
    'DestinationDescription.SnowflakeDestinationDescription is missing',
    'DestinationDescription.SplunkDestinationDescription is missing',
  ],
  'What is not a source here is in no description.': [
    'SourceDescription.DatabaseSourceDescription is missing',
    'SourceDescription.MSKSourceDescription is missing',
  ],
};

/** Members of what is refused by its name, whatever is in it. */
const refused =
  /^(Redshift|Elasticsearch|Amazonopensearchservice|AmazonOpenSearchServerless|Splunk|Snowflake)Destination(Configuration|Update)\.\w+ is missing$|^(MSKSource|DatabaseSource)Configuration\.\w+ is missing$/;

/** Beyond AWS. */
const ours = new Set(['ListDeliveries']);

test('all operations of the official SDK are served', () => {
  const missing = [...awsOperations(sdk).keys()].filter((name) => !operations.has(name));
  assert.deepEqual(missing, []);
  assert.equal(operations.size, 12 + ours.size);
});

test('the operations are those of the official SDK, but for what is declared here', () => {
  const aws = new Map([...operations].filter(([name]) => !ours.has(name)));
  const found = differences(aws, sdk).filter((line) => !refused.test(line));
  assert.deepEqual(found, Object.values(declared).flat().sort());
});
