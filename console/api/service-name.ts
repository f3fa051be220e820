/** The services that the console calls. All are at the server that it was loaded from. */
export type ServiceName =
  | 'kinesis'
  | 'millrace'
  | 'iam'
  | 'sts'
  | 'kms'
  | 'dynamodb'
  | 'cloudwatch'
  | 'lambda'
  | 'firehose';
