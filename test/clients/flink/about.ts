import type { About } from '../about.ts';

export const about: About = {
  name: 'Apache Flink, source and sink',
  version: '2.0.0, with connector 6.0.0 and 6.0.1-rc1',
  from: "Maven Central; flink-connector-aws-kinesis-streams, which it does not serve in these versions, from the connector's public sources",
  runs: 'a job on a local cluster that copies a stream into another, by polling and by fan-out: a history with a split and a merge over HTTP, and records as they come, split and merged meanwhile, over TLS; every record once, in the order of its key, parents before children, and the same in the sink',
  configuration: [
    {
      where: 'Source',
      language: 'java',
      lines: `Configuration options = new Configuration();
options.setString("aws.endpoint", "http://localhost:4567");
options.setString("aws.region", "us-east-1");
options.setString("source.reader.type", "EFO");              // or POLLING
options.setString("source.efo.consumer.name", "billing");
options.setString("source.init.position", "TRIM_HORIZON");
KinesisStreamsSource.<String>builder()
    .setStreamArn("arn:aws:kinesis:us-east-1:000000000000:stream/orders")
    .setSourceConfig(options)
    .setDeserializationSchema(new SimpleStringSchema())
    .build();`,
    },
    {
      where: 'Sink',
      language: 'java',
      lines: `Properties options = new Properties();
options.setProperty("aws.endpoint", "http://localhost:4567");
options.setProperty("aws.region", "us-east-1");
KinesisStreamsSink.<String>builder()
    .setStreamArn("arn:aws:kinesis:us-east-1:000000000000:stream/copies")
    .setKinesisClientProperties(options)
    .setSerializationSchema(new SimpleStringSchema())
    .setPartitionKeyGenerator(text -> text)
    .build();`,
    },
    {
      where: 'TLS, with the authority that the server made',
      language: 'sh',
      lines: `curl -o ca.pem http://localhost:4567/ca.pem
keytool -importcert -noprompt -alias millrace -file ca.pem -keystore trust.p12 -storepass changeit -storetype PKCS12
# env.java.opts.all: -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit
# aws.endpoint: https://localhost:4567`,
    },
    {
      where: 'Sources of the connector, for the tests',
      language: 'sh',
      lines: `export FLINK_CONNECTOR_AWS_6_0_0=…   # a folder with github.com/apache/flink-connector-aws at v6.0.0
export FLINK_CONNECTOR_AWS_6_0_1=…   # and one at v6.0.1-rc1`,
    },
  ],
  remarks: [
    'Credentials come from the environment, as for all SDKs (`aws.credentials.provider` is `AUTO`).',
    'Its option `aws.trust.all.certificates` works for polling and for the sink, but the fan-out of 6.0.0 takes no notice of it: the job then runs and reads nothing, which only its log says. 6.0.1 does. A trust store is for all of them.',
    'The connector uses no DynamoDB and no CloudWatch. With fan-out it registers its consumer when a job starts and takes it away when the job is cancelled or ends.',
    'Connector 6.0.0, and 5.x, forgets what it has not taken yet when a subscription ends right after the last event of a shard (FLINK-39540, mended in 6.0.1): the job stays RUNNING, and the children are never read. Against AWS, too. Millrace ends such an answer a second later, so that the reader has mostly come by; on a machine that is busy for longer than that, it still forgets, and the tests say so. Use 6.0.1 or polling.',
    "Java 17 needs `--add-opens` for `java.util`, `java.lang` and `java.time` of `java.base`, which Flink's own scripts give.",
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
