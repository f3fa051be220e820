import { type About, environmentAlone } from '../about.ts';

export const about: About = {
  name: 'AWS SDK for Java 2',
  version: '2.52.0',
  from: 'Maven Central',
  runs: 'streams from creation to deletion, fan-out, resharding and errors: blocking over HTTP/1.1 in CBOR and in JSON, asynchronous over HTTP/2, with and without TLS',
  configuration: [
    environmentAlone,
    {
      where: 'TLS, with the authority that the server made',
      language: 'sh',
      lines: `curl -o ca.pem http://localhost:4567/ca.pem
keytool -importcert -noprompt -alias millrace -file ca.pem -keystore trust.p12 -storepass changeit -storetype PKCS12
java -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=changeit ...   # AWS_ENDPOINT_URL=https://localhost:4567`,
    },
  ],
  remarks: ['From 2.28.1 on the SDK reads `AWS_ENDPOINT_URL`; an older one takes `endpointOverride(URI)`.'],
  toolchain: [
    ['java', '--version'],
    ['mvn', '--version'],
  ],
};
