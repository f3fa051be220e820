import type { Connection, ConnectionOptions } from '@platformatic/kafka';
import type { Millis } from '../clock.ts';
import { type BrokerAddress, KafkaConnectionError, KafkaError, type KafkaSettings } from '../kafka.ts';
import type { Library, SpokenVersions } from './apis.ts';
import { Line } from './line.ts';
import { SecretError, saslOptions, TokenRefusedError } from './sasl.ts';

/** How long it may take until a connection is there and the broker knows who this is. */
const connectMsMax: Millis = 5_000;

/** The library's own limits are out of the way: lines have theirs, request by request. */
const unlimited = { requestTimeout: 2 ** 31 - 1, maxInflights: 10_000 };

/**
 * A connection over which a broker has been told, and believes, who this client is. Rejects with
 * `KafkaConnectionError`, and with `KafkaError` when the broker refuses the credentials.
 */
export async function openLine(
  library: Library,
  settings: KafkaSettings,
  broker: BrokerAddress,
): Promise<Line> {
  const connection = new library.Connection(settings.clientId, connectionOptions(settings));
  // What is wrong is said to whoever waits; an error that nobody waits for ends the connection.
  connection.on('error', () => {});
  const line = new Line(library, connection);
  try {
    await connection.connect(broker.host, broker.port);
    return line;
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

/** What the broker speaks. */
export async function spokenVersions(library: Library, line: Line): Promise<SpokenVersions> {
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
