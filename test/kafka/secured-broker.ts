import { freePorts } from '../../harness/brokers/broker-ports.ts';
import type { BrokerSettings, MoreListener } from '../../harness/brokers/broker-settings.ts';
import type { BrokerAddress } from '../../src/env/kafka.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { certify, makeAuthority } from '../../src/http/tls/certificate.ts';
import type { KeyPair } from '../../src/http/tls/key-pair.ts';
import { certifyClient, now } from '../http/tls/client-certificates.ts';

/** How a broker is reached that wants to know who comes, differently on each listener. */
export type Secured = {
  /** In PEM, what has signed the broker's certificate. */
  readonly authority: string;
  /** A certificate for a client that the broker accepts. */
  readonly client: KeyPair;
  readonly listeners: Readonly<Record<Listener, BrokerAddress>>;
};

/** By credentials alone; by a client's certificate; by credentials, over TLS. */
type Listener = 'sasl' | 'tls' | 'both';

const protocols: Readonly<Record<Listener, string>> = {
  sasl: 'SASL_PLAINTEXT',
  tls: 'SSL',
  both: 'SASL_SSL',
};

/** Who may come in, by PLAIN and by SCRAM, and after how long a proof of PLAIN is asked for again. */
export const user = { name: 'reader', password: 'pass word: ünsafe?' };
export const proofMs = 1500;

/** As StorageTool takes the users of SCRAM. */
export const scramUsers: readonly string[] = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
  (mechanism) => `${mechanism}=[name=${user.name},password=${user.password}]`,
);

/** Settings of brokers, listeners for one of them, and what a client has to know. */
export async function secured(): Promise<{
  readonly settings: BrokerSettings;
  readonly more: readonly MoreListener[];
  readonly known: Secured;
}> {
  const [sasl, tls, both] = (await freePorts(3)) as [number, number, number];
  const authority = await makeAuthority(now, nodeRandom());
  const own = await certify(['127.0.0.1', 'localhost'], authority, now, nodeRandom());
  const more = Object.entries({ sasl, tls, both }).map(([name, port]) => ({
    ...{ name: name.toUpperCase(), port },
    protocol: protocols[name as Listener],
  }));
  const at = (port: number) => ({ host: '127.0.0.1', port });
  const listeners = { sasl: at(sasl), tls: at(tls), both: at(both) };
  const client = await certifyClient(authority);
  return {
    settings: { ...saslSettings, ...tlsSettings(own, authority) },
    more,
    known: { authority: authority.certificate, client, listeners },
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
