import { secretPlace } from '../env/secret-place.ts';
import { hostAndPortIn } from '../http/places.ts';
import { type KafkaOptions, type KafkaSaslName, kafkaSaslNames } from './kafka-options.ts';
import { type Setting, something, yesOrNo } from './setting.ts';

/** What is said about Kafka, and about the other servers on it. */
export const kafkaSettings: { readonly [Name in keyof KafkaOptions]: Setting<KafkaOptions[Name]> } = {
  brokers: {
    flag: 'brokers',
    takes: '<HOST:PORT>',
    isList: true,
    help: 'some of the Kafka brokers, by commas, for --engine kafka',
    expected: 'HOST:PORT, several by commas',
    read: (text) => (text.split(',').every((one) => hasPort(one)) ? text : undefined),
  },
  cluster: {
    flag: 'cluster',
    takes: '<name>',
    help: 'what the servers that belong together on Kafka are called',
    expected: 'letters, digits, _ and -, 63 at most',
    // With dots, the names of two clusters' topics could be the same.
    read: (text) => (/^[\w-]{1,63}$/.test(text) ? text : undefined),
  },
  rack: {
    flag: 'rack',
    takes: '<name>',
    help: "the zone of this server, as the brokers' broker.rack says it: reads stay in it where they can",
    expected: 'the name of a rack such as az1',
    read: (text) => (/^[\w.:-]{1,255}$/.test(text) ? text : undefined),
  },
  peerListen: {
    flag: 'peer-listen',
    takes: '<HOST:PORT>',
    help: 'where the other servers of the cluster connect to (default: port 0 of --host)',
    expected: 'HOST:PORT; port 0 takes any free one',
    read: (text) => (hostAndPortIn(text) === undefined ? undefined : text),
  },
  peerAddress: {
    flag: 'peer-address',
    takes: '<HOST:PORT>',
    help: 'how they reach it (default: as it listens, by the name of this machine where that is all addresses)',
    expected: 'HOST:PORT',
    read: (text) => (hasPort(text) ? text : undefined),
  },
  kafkaSasl: {
    flag: 'kafka-sasl',
    takes: `<${kafkaSaslNames.join('|')}>`,
    help: 'how to prove to brokers who this is',
    expected: `one of ${kafkaSaslNames.join(', ')}`,
    read: (text) => (kafkaSaslNames.includes(text as KafkaSaslName) ? (text as KafkaSaslName) : undefined),
  },
  kafkaUser: {
    flag: 'kafka-user',
    takes: '<name>',
    help: 'the user to be for brokers',
    expected: 'a name',
    read: something,
  },
  kafkaPassword: {
    flag: 'kafka-password',
    takes: '<source>',
    help: 'file:PATH, env:NAME or command:COMMAND with the password of that user',
    expected: 'file:PATH, env:NAME or command:COMMAND',
    read: secretSource,
  },
  kafkaToken: {
    flag: 'kafka-token',
    takes: '<source>',
    help: 'file:PATH, env:NAME or command:COMMAND with the token for oauthbearer, read for each connection',
    expected: 'file:PATH, env:NAME or command:COMMAND',
    read: secretSource,
  },
  kafkaTls: {
    flag: 'kafka-tls',
    help: 'speak to brokers over TLS',
    expected: 'true or false',
    read: yesOrNo,
  },
  kafkaCa: {
    flag: 'kafka-ca',
    takes: '<file>',
    help: "authorities of the brokers' certificates, PEM (implies --kafka-tls)",
    expected: 'a file',
    read: something,
  },
  kafkaCertificate: {
    flag: 'kafka-certificate',
    takes: '<file>',
    help: 'certificate to show to brokers, PEM (implies --kafka-tls)',
    expected: 'a file',
    read: something,
  },
  kafkaKey: {
    flag: 'kafka-key',
    takes: '<file>',
    help: 'key of that certificate, PEM',
    expected: 'a file',
    read: something,
  },
};

/** An address that can be connected to. */
function hasPort(text: string): boolean {
  const port = hostAndPortIn(text)?.port ?? 0;
  return port > 0;
}

function secretSource(text: string): string | undefined {
  return secretPlace.test(text) ? text : undefined;
}
