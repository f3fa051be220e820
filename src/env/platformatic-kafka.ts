import type { Connection, ConnectionOptions } from '@platformatic/kafka';
import { bufferOf } from './buffer-of.ts';
import type { Millis } from './clock.ts';
import {
  type BrokerAddress,
  type Kafka,
  KafkaConnectionError,
  KafkaError,
  type KafkaSettings,
} from './kafka.ts';
import type { Library, SpokenVersions } from './platformatic/apis.ts';
import { PlatformaticConnection } from './platformatic/broker-connection.ts';
import { knownApis } from './platformatic/known-apis.ts';
import { Line } from './platformatic/line.ts';
import { SecretError, saslOptions, TokenRefusedError } from './platformatic/sasl.ts';
import { StartError } from './start-error.ts';

/** How long it may take until a connection is there and the broker knows who this is. */
const connectMsMax: Millis = 5_000;

/** The library's own limits are out of the way: the lines have theirs, request by request. */
const unlimited = { requestTimeout: 2 ** 31 - 1, maxInflights: 10_000 };

/**
 * Brokers by way of the connections and codecs of `@platformatic/kafka`, which loads now. Rejects with
 * `StartError` when it is not installed: it is an optional dependency.
 */
export async function openPlatformaticKafka(settings: KafkaSettings): Promise<Kafka> {
  const library = await loadLibrary();
  const apis = knownApis(library);
  return {
    async connect(broker) {
      const line = new Line(library, await openConnection(library, settings, broker));
      try {
        return new PlatformaticConnection(line, await spokenVersions(library, line), apis);
      } catch (error) {
        line.end('given up');
        throw error;
      }
    },
    // In the library's own buffer it is not copied before: three times as fast.
    crc32c: (bytes) => library.crc32c(library.Writer.create().append(bufferOf(bytes)).dynamicBuffer),
  };
}

async function loadLibrary(): Promise<Library> {
  try {
    return await import('@platformatic/kafka');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new StartError('the client of Kafka is not installed: npm install @platformatic/kafka@2.12.1', {
      cause: error,
    });
  }
}

async function openConnection(
  library: Library,
  settings: KafkaSettings,
  broker: BrokerAddress,
): Promise<Connection> {
  const connection = new library.Connection(settings.clientId, connectionOptions(settings));
  // What is wrong is said to whoever waits; an error that nobody waits for ends the connection.
  connection.on('error', () => {});
  try {
    await connection.connect(broker.host, broker.port);
    return connection;
  } catch (error) {
    connection.socket?.destroy();
    throw failureOf(library, broker, error);
  }
}

function connectionOptions({ tls, sasl }: KafkaSettings): ConnectionOptions {
  const { authorities, own } = tls ?? {};
  return {
    ...unlimited,
    connectTimeout: connectMsMax,
    ...(sasl === undefined ? {} : { sasl: saslOptions(sasl) }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(authorities === undefined ? {} : { ca: authorities }),
            ...(own === undefined ? {} : { cert: own.certificate, key: own.key }),
          },
        }),
  };
}

async function spokenVersions(library: Library, line: Line): Promise<SpokenVersions> {
  // Since Kafka 0.11 all brokers know version 1.
  const ask = (connection: Connection) => library.apiVersionsV1.api.async(connection, '', '');
  const { apiKeys } = await line.call(ask, connectMsMax);
  return new Map(
    apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { first: minVersion, last: maxVersion }]),
  );
}

/** Kafka protocol guide, "Error Codes": SASL_AUTHENTICATION_FAILED. */
const authenticationFailed = 58;

/** The causes of an error say whether the broker refuses this client, or cannot be spoken to. */
function failureOf(library: Library, { host, port }: BrokerAddress, error: unknown): Error {
  const causes = causesOf(error);
  const message = `broker ${host}:${port}: ${causes.map((cause) => cause.message).join(': ')}`;
  const options = { cause: error };
  if (causes.some((cause) => cause instanceof SecretError)) return new KafkaConnectionError(message, options);
  const refusal = causes.find((cause) => cause instanceof library.ProtocolError);
  if (refusal !== undefined) return new KafkaError(Number(refusal['apiCode']), message);
  const isRefused = causes.some(
    (cause) => cause instanceof library.AuthenticationError || cause instanceof TokenRefusedError,
  );
  return isRefused
    ? new KafkaError(authenticationFailed, message)
    : new KafkaConnectionError(message, options);
}

/** An error, its cause, and so on; of several at once, the first. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return [error, ...causesOf(inner)];
}
