import type { About } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for Java 1',
  version: '1.12.797',
  from: 'Maven Central',
  runs: 'streams from creation to deletion, all five ways to read, resharding, consumers and errors, over HTTP/1.1 in CBOR and in JSON, with and without TLS',
  configuration: [
    {
      where: 'In the program, which takes no notice of `AWS_ENDPOINT_URL`',
      language: 'java',
      lines: `AmazonKinesisClientBuilder.standard()
    .withEndpointConfiguration(new EndpointConfiguration("http://localhost:4567", "us-east-1"))
    .withCredentials(new AWSStaticCredentialsProvider(new BasicAWSCredentials("anybody", "anything")))
    .build();`,
    },
    {
      where: 'TLS, with the authority that the server made',
      language: 'sh',
      lines: `curl -o ca.pem http://localhost:4567/ca.pem
keytool -importcert -noprompt -alias millrace -file ca.pem -keystore trust.p12 -storepass changeit -storetype PKCS12
java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit ...   # "https://localhost:4567"`,
    },
  ],
  remarks: [
    'It has no `SubscribeToShard`, and calls its file of profiles `AWS_CREDENTIAL_PROFILES_FILE`.',
    'It speaks CBOR unless told otherwise with `-Dcom.amazonaws.sdk.disableCbor=true`. In JSON it says milliseconds where `AT_TIMESTAMP` means seconds, which Millrace refuses as AWS does (aws-sdk-java #2588).',
  ],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
