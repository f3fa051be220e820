import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Encrypted } from './encrypted.ts';
import { runProgram } from './foreign-program.ts';

/** Java's properties for it to trust a server's authority, by a store made beside the authority's file. */
export async function trustStore(trust: Encrypted): Promise<Record<string, string>> {
  const store = join(trust.directory, 'trust.p12');
  const into = ['-keystore', store, '-storepass', 'no secret', '-storetype', 'PKCS12'];
  const words = ['-importcert', '-noprompt', '-alias', 'millrace', '-file', trust.authority, ...into];
  await runProgram({
    command: ['keytool', ...words],
    folder: pathToFileURL(`${trust.directory}/`),
    seconds: 600,
  });
  return { 'javax.net.ssl.trustStore': store, 'javax.net.ssl.trustStorePassword': 'no secret' };
}
