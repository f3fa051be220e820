import { bufferOf } from './buffer-of.ts';
import type { Kafka, KafkaSettings } from './kafka.ts';
import type { Library } from './platformatic/apis.ts';
import { type BrokerLimits, brokerLimits, PlatformaticConnection } from './platformatic/broker-connection.ts';
import { knownApis } from './platformatic/known-apis.ts';
import { openLine, spokenVersions } from './platformatic/open-line.ts';
import { StartError } from './start-error.ts';

/**
 * Brokers by way of the connections and codecs of `@platformatic/kafka`, which loads now. Rejects with
 * `StartError` when it is not installed: it is an optional dependency.
 */
export async function openPlatformaticKafka(
  settings: KafkaSettings,
  limits: BrokerLimits = brokerLimits,
): Promise<Kafka> {
  const library = await loadLibrary();
  const apis = knownApis(library);
  return {
    async connect(broker) {
      const line = await openLine(library, settings, broker);
      try {
        return new PlatformaticConnection(line, await spokenVersions(library, line), apis, limits);
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
