/** One of the policies that AWS manages, as far as the services go that are here. */
export type AwsManagedPolicy = {
  readonly arn: string;
  readonly name: string;
  /** `/`, or `/service-role/`. */
  readonly path: string;
  readonly description: string;
  readonly document: string;
};

/**
 * The policy of an ARN such as `arn:aws:iam::aws:policy/ReadOnlyAccess`, whatever its partition; undefined
 * when there is none of that name here.
 */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const named = /^arn:aws[a-z-]*:iam::aws:policy(\/.+)$/.exec(arn)?.[1];
  return named === undefined ? undefined : byPath.get(named);
}

/**
 * Policies under the names that stacks attach. The documents are written for what is served here; of AWS's
 * services besides, they say what AWS's own are for (AWS managed policy reference).
 */
export const awsManagedPolicies: readonly AwsManagedPolicy[] = [
  managed('AdministratorAccess', 'Everything.', allow('*')),
  managed('AWSDenyAll', 'Nothing at all, whatever else is allowed.', [
    { Effect: 'Deny', Action: '*', Resource: '*' },
  ]),
  managed('PowerUserAccess', 'Everything but users, groups, roles and their policies.', [
    ...allowBut(['iam:*', 'organizations:*', 'account:*']),
    ...allow(['iam:ListRoles', 'iam:GetRole', 'iam:CreateServiceLinkedRole', 'iam:DeleteServiceLinkedRole']),
  ]),
  managed('ReadOnlyAccess', 'Reading, of data too, and nothing else.', [
    ...allow(['kinesis:Describe*', 'kinesis:Get*', 'kinesis:List*']),
    ...allow(['kms:Describe*', 'kms:Get*', 'kms:List*', 'iam:Get*', 'iam:List*', 'iam:Simulate*']),
    ...allow(['sts:GetAccessKeyInfo', 'sts:GetCallerIdentity', 'sts:GetSessionToken']),
    ...allow(['cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*', 'logs:Describe*', 'logs:Get*']),
    ...allow(['dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:Query', 'dynamodb:Scan']),
    ...allow(['firehose:Describe*', 'firehose:List*', 'lambda:Get*', 'lambda:List*', 's3:Get*', 's3:List*']),
  ]),
  managed('SecurityAudit', 'Reading how things are set up, without any data.', [
    ...allow([
      'kinesis:Describe*',
      'kinesis:List*',
      'kinesis:GetResourcePolicy',
      'kms:Describe*',
      'kms:List*',
    ]),
    ...allow(['kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'iam:Get*', 'iam:List*', 'iam:Simulate*']),
  ]),
  managed('AmazonKinesisFullAccess', 'Everything in Kinesis Data Streams.', allow('kinesis:*')),
  managed(
    'AmazonKinesisReadOnlyAccess',
    'Reading in Kinesis Data Streams.',
    allow(['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*']),
  ),
  managed('AmazonKinesisFirehoseFullAccess', 'Everything in Firehose.', allow('firehose:*')),
  managed(
    'AmazonKinesisFirehoseReadOnlyAccess',
    'Reading in Firehose.',
    allow(['firehose:Describe*', 'firehose:List*']),
  ),
  managed(
    'AWSKeyManagementServicePowerUser',
    'Making keys and their aliases, and seeing them; keys are used and managed as their own policies say.',
    allow([
      ...['kms:CreateAlias', 'kms:CreateKey', 'kms:DeleteAlias', 'kms:Describe*', 'kms:GenerateRandom'],
      ...['kms:Get*', 'kms:List*', 'kms:TagResource', 'kms:UntagResource'],
      ...['iam:ListGroups', 'iam:ListRoles', 'iam:ListUsers'],
    ]),
  ),
  managed('IAMFullAccess', 'Everything in IAM.', allow('iam:*')),
  managed(
    'IAMReadOnlyAccess',
    'Reading in IAM.',
    allow(['iam:GenerateCredentialReport', 'iam:Get*', 'iam:List*', 'iam:Simulate*']),
  ),
  managed('AmazonDynamoDBFullAccess', 'Everything in DynamoDB.', allow('dynamodb:*')),
  managed('CloudWatchFullAccess', 'Everything in CloudWatch.', allow(['cloudwatch:*', 'logs:*'])),
  managed('AmazonS3FullAccess', 'Everything in S3.', allow('s3:*')),
  managed('AWSLambda_FullAccess', 'Everything in Lambda.', allow(['lambda:*', 'kinesis:List*'])),
  managed('AWSLambdaExecute', 'A function that writes logs and uses S3.', [
    ...allow('logs:*'),
    ...allow(['s3:GetObject', 's3:PutObject']),
  ]),
  managed(
    'AWSLambdaBasicExecutionRole',
    'A function that writes logs.',
    allow(functionLogs()),
    '/service-role/',
  ),
  managed(
    'AWSLambdaKinesisExecutionRole',
    'A function that reads streams and writes logs.',
    allow([
      ...['kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords'],
      ...['kinesis:GetShardIterator', 'kinesis:ListShards', 'kinesis:ListStreams'],
      ...['kinesis:SubscribeToShard', ...functionLogs()],
    ]),
    '/service-role/',
  ),
];

const byPath: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  awsManagedPolicies.map((policy) => [`${policy.path}${policy.name}`, policy]),
);

function managed(
  name: string,
  description: string,
  statements: readonly object[],
  path = '/',
): AwsManagedPolicy {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return { arn: `arn:aws:iam::aws:policy${path}${name}`, name, path, description, document };
}

function allow(actions: string | readonly string[]): readonly object[] {
  return [{ Effect: 'Allow', Action: actions, Resource: '*' }];
}

function allowBut(actions: readonly string[]): readonly object[] {
  return [{ Effect: 'Allow', NotAction: actions, Resource: '*' }];
}

function functionLogs(): readonly string[] {
  return ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
}
