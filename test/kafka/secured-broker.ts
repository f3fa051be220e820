import { freePorts } from '../../harness/brokers/broker-ports.ts';
import type { BrokerSettings } from '../../harness/brokers/broker-settings.ts';
import type { Java } from '../../harness/brokers/jars.ts';
import type { BrokerAddress } from '../../src/env/kafka.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { certify, makeAuthority } from '../../src/http/tls/certificate.ts';
import type { KeyPair } from '../../src/http/tls/key-pair.ts';
import { certifyClient, now } from '../http/tls/client-certificates.ts';
import { RealCluster } from './real-cluster.ts';

/** One broker that wants to know who comes, differently on each listener. */
export type SecuredBroker = {
  readonly cluster: RealCluster;
  /** In PEM, what has signed the broker's certificate. */
  readonly authority: string;
  /** A certificate for a client that the broker accepts. */
  readonly client: KeyPair;
  readonly listeners: Readonly<Record<Listener, BrokerAddress>>;
};

/** By credentials alone; by a client's certificate; by credentials, over TLS. */
type Listener = 'sasl' | 'tls' | 'both';

/** Who may come in, by PLAIN and by SCRAM, and after how long a proof of PLAIN is asked for again. */
export const user = { name: 'reader', password: 'pass word: ünsafe?' };
export const proofMs = 1500;

export async function startSecuredBroker(java: Java): Promise<SecuredBroker> {
  const [clients, quorum, sasl, tls, both] = (await freePorts(5)) as [number, number, number, number, number];
  const ports = { clients, quorum, sasl, tls, both };
  const authority = await makeAuthority(now, nodeRandom());
  const own = await certify(['127.0.0.1', 'localhost'], authority, now, nodeRandom());
  const extra = { ...listenerSettings(ports), ...saslSettings, ...tlsSettings(own, authority) };
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
    (mechanism) => `${mechanism}=[name=${user.name},password=${user.password}]`,
  );
  const cluster = await RealCluster.start(java, { ports: [{ clients, quorum }], extra }, scram);
  const at = (port: number) => ({ host: '127.0.0.1', port });
  return {
    cluster,
    authority: authority.certificate,
    client: await certifyClient(authority),
    listeners: { sasl: at(sasl), tls: at(tls), both: at(both) },
  };
}

type Ports = Readonly<Record<'clients' | 'quorum' | Listener, number>>;

function listenerSettings(ports: Ports): BrokerSettings {
  const named = { PLAINTEXT: ports.clients, SASL: ports.sasl, TLS: ports.tls, BOTH: ports.both };
  const advertised = Object.entries(named)
    .map(([name, port]) => `${name}://127.0.0.1:${port}`)
    .join(',');
  return {
    listeners: `${advertised},CONTROLLER://127.0.0.1:${ports.quorum}`,
    'advertised.listeners': advertised,
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,BOTH:SASL_SSL',
  };
}

const modules = 'org.apache.kafka.common.security';

/** Of OAUTHBEARER, Kafka's own unsecured tokens: JSON that nobody has signed, for development. */
const jaas: BrokerSettings = {
  plain: `${modules}.plain.PlainLoginModule required user_${user.name}="${user.password}";`,
  'scram-sha-256': `${modules}.scram.ScramLoginModule required;`,
  'scram-sha-512': `${modules}.scram.ScramLoginModule required;`,
  oauthbearer: `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
};

const saslSettings: BrokerSettings = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
  'listener.name.sasl.plain.connections.max.reauth.ms': String(proofMs),
  ...Object.fromEntries(
    ['sasl', 'both'].flatMap((listener) =>
      Object.entries(jaas).map(([mechanism, text]) => [
        `listener.name.${listener}.${mechanism}.sasl.jaas.config`,
        text,
      ]),
    ),
  ),
};

function tlsSettings(own: KeyPair, authority: KeyPair): BrokerSettings {
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.key': own.key,
    'ssl.keystore.certificate.chain': own.certificate,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.certificates': authority.certificate,
    'listener.name.tls.ssl.client.auth': 'required',
  };
}
