// A consumer by polling that says what it hears, in the lines of heard.ts, until it is asked to end. Its word
// is the stream's name. This client knows no AWS_ENDPOINT_URL: the program hands it over.
import Kinesis from 'lifion-kinesis';

const [, , streamName] = process.argv;
const endpoint = process.env.AWS_ENDPOINT_URL;
const dynamoDb = { endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB ?? endpoint };
const consumer = new Kinesis({
  streamName,
  endpoint,
  dynamoDb,
  region: process.env.AWS_REGION,
  consumerGroup: 'shop',
  initialPositionInStream: 'TRIM_HORIZON',
  useAutoShardAssignment: true,
  // It keeps a position before it hands the records on: what was not handled yet is lost with the process.
  useAutoCheckpoints: false,
  leaseAcquisitionInterval: 1000,
  limit: 100,
  noRecordsPollDelay: 250,
  logger: { debug() {}, warn: console.error, error: console.error },
});
consumer.on('data', ({ records, shardId, setCheckpoint }) => {
  for (const { data, sequenceNumber } of records) {
    console.log('heard record', Date.now(), shardId, sequenceNumber, String(data));
  }
  const { sequenceNumber, approximateArrivalTimestamp } = records.at(-1);
  setCheckpoint(sequenceNumber, approximateArrivalTimestamp);
});
consumer.on('error', (error) => {
  throw error;
});
await consumer.startConsumer();
process.once('SIGTERM', () => {
  consumer.stopConsumer();
  process.exit();
});
