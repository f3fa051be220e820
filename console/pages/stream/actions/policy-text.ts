/** A policy on many lines; as it was put where it is no JSON. */
export function prettyPolicy(policy: string): string {
  if (policy === '') return '';
  try {
    return JSON.stringify(JSON.parse(policy), undefined, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return policy;
    throw error;
  }
}

/** Another account that may read a stream. */
export function examplePolicy(arn: string): string {
  return prettyPolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'ReadFromAnotherAccount',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Action: [
            'kinesis:DescribeStreamSummary',
            'kinesis:ListShards',
            'kinesis:GetShardIterator',
            'kinesis:GetRecords',
          ],
          Resource: arn,
        },
      ],
    }),
  );
}
