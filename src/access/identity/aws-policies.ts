/** A managed policy of AWS's own, as far as what it allows means something here. */
export type AwsPolicy = {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly document: string;
};

/**
 * AWS's managed policy with an ARN, of whichever partition; undefined for one that is not known here. Those
 * that only allow what other services do are not: they allow nothing here.
 */
export function awsPolicy(arn: string): AwsPolicy | undefined {
  const [, path, name] = ownArn.exec(arn) ?? [];
  return awsPolicies.find((policy) => policy.name === name && policy.path === path);
}

const ownArn = /^arn:aws[a-z-]*:iam::aws:policy(\/|\/.+\/)([\w+=,.@-]+)$/;

/** Nothing is allowed. */
export const emptyDocument = '{"Version":"2012-10-17","Statement":[]}';

function document(effect: 'Allow' | 'Deny', ...actions: string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: actions, Resource: '*' }],
  });
}

const logs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** What they allow: AWS managed policy reference guide, by name. Ids are AWS's form, and our own. */
export const awsPolicies: readonly AwsPolicy[] = [
  ['AdministratorAccess', '/', document('Allow', '*')],
  ['AWSDenyAll', '/', document('Deny', '*')],
  ['AmazonKinesisFullAccess', '/', document('Allow', 'kinesis:*')],
  [
    'AmazonKinesisReadOnlyAccess',
    '/',
    document('Allow', 'kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'),
  ],
  ['IAMFullAccess', '/', document('Allow', 'iam:*')],
  [
    'IAMReadOnlyAccess',
    '/',
    document('Allow', 'iam:Get*', 'iam:List*', 'iam:SimulateCustomPolicy', 'iam:SimulatePrincipalPolicy'),
  ],
  ['AWSLambdaBasicExecutionRole', '/service-role/', document('Allow', ...logs)],
  [
    'AWSLambdaKinesisExecutionRole',
    '/service-role/',
    document(
      'Allow',
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
      'kinesis:ListStreams',
      'kinesis:SubscribeToShard',
      ...logs,
    ),
  ],
].map(([name, path, text], index) => ({
  id: `ANPAMILLRACE${'ABCDEFGH'.charAt(index).padStart(9, 'A')}`,
  name: name!,
  path: path!,
  document: text!,
}));
