import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Encrypted } from './encrypted.ts';
import { runProgram } from './foreign-program.ts';

/** The flags with which Java trusts a server's authority, which it wants in a store of its own kind. */
export async function trustStore({ directory, authority }: Encrypted): Promise<string[]> {
  const store = join(directory, 'trust.p12');
  const into = ['-keystore', store, '-storepass', 'no secret'];
  const words = ['-importcert', '-noprompt', '-alias', 'millrace', '-file', authority, ...into];
  const folder = pathToFileURL(`${directory}/`);
  await runProgram({ command: ['keytool', ...words], folder, seconds: 600 });
  const properties = { trustStore: store, trustStorePassword: 'no secret' };
  return Object.entries(properties).map(([name, value]) => `-Djavax.net.ssl.${name}=${value}`);
}
