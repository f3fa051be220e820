import type { About } from '../about.ts';

export const about: About = {
  name: 'Powertools for AWS Lambda (TypeScript), batch processing',
  version: '2.35.0',
  from: 'npm',
  runs: 'as a function on a stream of two shards, in a folder: all records processed, and the one that always fails given up alone',
  configuration: [
    {
      where: 'The function, beside its node_modules',
      language: 'js',
      lines: `import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';

const processor = new BatchProcessor(EventType.KinesisDataStreams);

export const handler = async (event, context) =>
  processPartialResponse(event, recordHandler, processor, { context });`,
    },
    {
      where: 'A stream for it, with its failures alone reported',
      language: 'sh',
      lines: `aws lambda create-function --function-name orders --runtime nodejs24.x --handler handler.handler \\
  --role arn:aws:iam::000000000000:role/anyone --code '{}' \\
  --environment "Variables={MILLRACE_CODE_FOLDER=$PWD}"
aws lambda create-event-source-mapping --function-name orders --starting-position LATEST \\
  --event-source-arn arn:aws:kinesis:us-east-1:000000000000:stream/orders \\
  --function-response-types ReportBatchItemFailures`,
    },
  ],
  toolchain: [],
};
