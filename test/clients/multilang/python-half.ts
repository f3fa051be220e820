import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { whyMissing } from '../foreign-program.ts';

/** Of amazon_kclpy, whose setup would fetch the daemon's packages as well. */
const version = '3.2.0';

/**
 * Has pip fetch amazon_kclpy's sources, and takes them as they are, without its setup. Says why they cannot
 * be had here, or `false`.
 */
export async function pythonHalf(folder: URL): Promise<string | false> {
  if (existsSync(pythonPath(folder))) return false;
  const download = ['--no-deps', '--no-binary', ':all:', '--dest', 'target', `amazon_kclpy==${version}`];
  return (
    (await whyMissing(['python3', '-m', 'pip', 'download', '--quiet', ...download], folder)) ||
    (await whyMissing(['tar', '-xf', `target/amazon_kclpy-${version}.tar.gz`, '-C', 'target'], folder))
  );
}

/** For PYTHONPATH. */
export function pythonPath(folder: URL): string {
  return fileURLToPath(new URL(`target/amazon_kclpy-${version}`, folder));
}
