# What a Ruby program does with a stream, a table and a metric through the AWS SDK for Ruby v1, and with a key
# through that of v3. A line per step; ends with 0 when all went as on AWS. Credentials and region are the
# environment's; of AWS_ENDPOINT_URL neither version knows: the program hands it over.
require 'aws-sdk-v1'
require 'aws-sdk-kms'
require 'uri'

STREAM = { stream_name: 'orders' }
FIRST = { shard_id: 'shardId-000000000000' }

endpoint = URI(ENV.fetch('AWS_ENDPOINT_URL'))
AWS.config(region: ENV.fetch('AWS_REGION'), use_ssl: false)
%i[kinesis dynamo_db cloud_watch].each do |service|
  AWS.config("#{service}_endpoint": endpoint.host, "#{service}_port": endpoint.port)
end
$kinesis = AWS::Kinesis::Client.new
$tables = AWS::DynamoDB::Client.new(api_version: '2012-08-10')
$metrics = AWS::CloudWatch::Client.new
$kms = Aws::KMS::Client.new(endpoint: endpoint.to_s)
$sts = Aws::STS::Client.new(endpoint: endpoint.to_s)

def equal(actual, expected)
  raise "#{actual.inspect} is not #{expected.inspect}" unless actual == expected
end

def refused(error)
  yield
  raise "#{error} was expected"
rescue error
  nil
end

def active
  sleep 0.05 until $kinesis.describe_stream(STREAM)[:stream_description][:stream_status] == 'ACTIVE'
end

def stream
  $kinesis.create_stream(**STREAM, shard_count: 2)
  active
  entry = { partition_key: 'a', explicit_hash_key: '0' }
  equal($kinesis.put_record(**STREAM, data: 'one', **entry)[:shard_id], FIRST[:shard_id])
  entries = %w[two three].map { |word| { data: word, **entry } }
  equal($kinesis.put_records(**STREAM, records: entries)[:failed_record_count], 0)
  equal(read('TRIM_HORIZON')[:records].map { |record| record[:data] }, %w[one two three])
  $kinesis.split_shard(**STREAM, shard_to_split: FIRST[:shard_id], new_starting_hash_key: (2**126).to_s)
  active
  equal(read('LATEST')[:next_shard_iterator], nil)
  equal($kinesis.describe_stream(STREAM)[:stream_description][:shards].length, 4)
  refused(AWS::Kinesis::Errors::ResourceInUseException) { $kinesis.create_stream(**STREAM, shard_count: 1) }
  $kinesis.delete_stream(STREAM)
end

def read(type)
  start = $kinesis.get_shard_iterator(**STREAM, **FIRST, shard_iterator_type: type)
  $kinesis.get_records(shard_iterator: start[:shard_iterator])
end

def table
  table = { table_name: 'leases' }
  $tables.create_table(
    **table,
    attribute_definitions: [{ attribute_name: 'leaseKey', attribute_type: 'S' }],
    key_schema: [{ attribute_name: 'leaseKey', key_type: 'HASH' }],
    provisioned_throughput: { read_capacity_units: 10, write_capacity_units: 10 }
  )
  sleep 0.05 until $tables.describe_table(table)[:table][:table_status] == 'ACTIVE'
  key = { 'leaseKey' => { s: FIRST[:shard_id] } }
  $tables.put_item(**table, item: { **key, 'leaseCounter' => { n: '1' }, 'state' => { b: "\x00\xFF".b } })
  # As the KCL of these years renews a lease.
  renew = {
    **table, key: key, return_values: 'ALL_NEW',
    expected: { 'leaseCounter' => { value: { n: '1' } } },
    attribute_updates: { 'leaseCounter' => { action: 'ADD', value: { n: '1' } } }
  }
  attributes = $tables.update_item(renew)[:attributes]
  equal(attributes['leaseCounter'], { n: '2' })
  refused(AWS::DynamoDB::Errors::ConditionalCheckFailedException) { $tables.update_item(renew) }
  equal($tables.scan(table)[:count], 1)
  $tables.delete_table(table)
end

def metric
  datum = { metric_name: 'orders', value: 3.0, unit: 'Count' }
  $metrics.put_metric_data(namespace: 'shop', metric_data: [datum])
  found = $metrics.list_metrics(namespace: 'shop')[:metrics]
  equal(found.map { |each| each[:metric_name] }, ['orders'])
end

def secret
  equal($sts.get_caller_identity.account, '000000000000')
  key = $kms.create_key.key_metadata.key_id
  sealed = $kms.encrypt(key_id: key, plaintext: 'as secret as it gets').ciphertext_blob
  equal($kms.decrypt(ciphertext_blob: sealed).plaintext, 'as secret as it gets')
end

%i[stream table metric secret].each do |step|
  send(step)
  puts "#{step}: as on AWS"
end
