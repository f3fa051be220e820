import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';

const processor = new BatchProcessor(EventType.KinesisDataStreams);

const recordHandler = async (record) => {
  const data = Buffer.from(record.kinesis.data, 'base64').toString();
  if (data === 'poison') throw new Error('this one always fails');
  console.log(`processed ${data}`);
};

export const handler = async (event, context) =>
  processPartialResponse(event, recordHandler, processor, { context });
