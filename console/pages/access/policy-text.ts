/** A policy's document as people read it: as JSON with an indent, or as it is where it is none. */
export function readable(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return document;
    throw error;
  }
}

/** IAM's answers have documents percent-encoded (RFC 3986; IAM API reference, PolicyVersion). */
export function documentOf(encoded: string): string {
  return readable(decodeURIComponent(encoded));
}

/** What a new policy begins with: everything in it is to be changed. */
export const newPolicy = readable(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator'],
        Resource: 'arn:aws:kinesis:*:*:stream/orders',
      },
    ],
  }),
);

/** What a new role begins with: functions may take it on. */
export const newTrust = readable(
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }),
);
