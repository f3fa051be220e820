/** The options of a server that keeps everything in Kafka. */
export type KafkaOptions = {
  /** Where some brokers are, `HOST:PORT` by commas; they know the others. */
  readonly brokers: string | undefined;
  /** What servers that belong together call themselves; the names of their topics have it. */
  readonly cluster: string;
  /** The zone of this server: reads prefer brokers of the same rack. */
  readonly rack: string | undefined;
  /** Where the other servers of the cluster connect to. Undefined: any free port of `host`. */
  readonly peerListen: string | undefined;
  /** How they reach it. Undefined: as it listens, by the name of the machine where that is all addresses. */
  readonly peerAddress: string | undefined;
  /** How to prove to brokers who this is. Undefined for not at all, or by certificate. */
  readonly kafkaSasl: KafkaSaslName | undefined;
  readonly kafkaUser: string | undefined;
  /** Where the password of that user is: `file:PATH`, `env:NAME` or `command:COMMAND`. */
  readonly kafkaPassword: string | undefined;
  /** Where the token of OAUTHBEARER is; it is read again for each connection. */
  readonly kafkaToken: string | undefined;
  /** Whether brokers are spoken to over TLS. What follows implies it. */
  readonly kafkaTls: boolean;
  /** Path of the PEM authorities of the brokers' certificates. Undefined: those that Node trusts. */
  readonly kafkaCa: string | undefined;
  /** Path of the PEM certificate to show to brokers. */
  readonly kafkaCertificate: string | undefined;
  /** Path of its PEM key; given if and only if the certificate is. */
  readonly kafkaKey: string | undefined;
};

export const kafkaSaslNames = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const;

export type KafkaSaslName = (typeof kafkaSaslNames)[number];

export const defaultKafkaOptions: KafkaOptions = {
  brokers: undefined,
  cluster: 'main',
  rack: undefined,
  peerListen: undefined,
  peerAddress: undefined,
  kafkaSasl: undefined,
  kafkaUser: undefined,
  kafkaPassword: undefined,
  kafkaToken: undefined,
  kafkaTls: false,
  kafkaCa: undefined,
  kafkaCertificate: undefined,
  kafkaKey: undefined,
};
