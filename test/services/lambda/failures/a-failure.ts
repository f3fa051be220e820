import type { GivenUp } from '../../../../src/services/lambda/failures/destinations.ts';

const account = '111122223333';

/** What a mapping gave up, of two records. */
export const aFailure: GivenUp = {
  event: Buffer.from('{"Records":[{"kinesis":{"data":"w6Q="}}]}'),
  record: {
    requestContext: {
      requestId: 'r',
      functionArn: `arn:aws:lambda:eu-west-1:${account}:function:f`,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2026-11-29T10:11:12.345Z',
    KinesisBatchInfo: {
      shardId: 'shardId-000000000001',
      startSequenceNumber: '1',
      endSequenceNumber: '2',
      approximateArrivalOfFirstRecord: '2026-11-29T10:11:11.000Z',
      approximateArrivalOfLastRecord: '2026-11-29T10:11:11.500Z',
      batchSize: 2,
      streamArn: `arn:aws:kinesis:eu-west-1:${account}:stream/s`,
    },
  },
};
