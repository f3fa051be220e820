import { join } from 'node:path';
import { isSystemError } from '../../env/disk.ts';
import { StartError } from '../../env/start-error.ts';
import type { Surroundings } from '../surroundings.ts';

/** The settings of a profile, by their names in lower case. */
export type ProfileSettings = ReadonlyMap<string, string>;

/**
 * The profile of that name in the shared credentials and config files; what both say, the first says (AWS
 * SDKs and Tools reference guide, "Shared config and credentials files"). Undefined where neither has it.
 */
export async function profileSettings(
  name: string,
  surroundings: Surroundings,
): Promise<ProfileSettings | undefined> {
  const { credentials, config } = pathsIn(surroundings);
  const own = settingsIn(await textOf(credentials, surroundings), name);
  const configured = settingsIn(
    await textOf(config, surroundings),
    name === 'default' ? name : `profile ${name}`,
  );
  if (own === undefined && configured === undefined) return undefined;
  return new Map([...(configured ?? []), ...(own ?? [])]);
}

/** Where the two files are. */
export function pathsIn({ variables }: Surroundings): {
  readonly credentials: string;
  readonly config: string;
} {
  const folder = join(variables['HOME'] ?? '.', '.aws');
  return {
    credentials: variables['AWS_SHARED_CREDENTIALS_FILE'] || join(folder, 'credentials'),
    config: variables['AWS_CONFIG_FILE'] || join(folder, 'config'),
  };
}

async function textOf(path: string, { readFile }: Surroundings): Promise<string> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw new StartError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Of the sections of that name, as the AWS CLI joins them. Lines that are indented belong to the one above.
 */
function settingsIn(text: string, section: string): Map<string, string> | undefined {
  let settings: Map<string, string> | undefined;
  let isHere = false;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const line = raw.replace(/(?:^|\s)[#;].*$/, '').trimEnd();
    const [, name] = /^\[\s*(.+?)\s*\]$/.exec(line) ?? [];
    if (name !== undefined) {
      isHere = name.replaceAll(/\s+/g, ' ') === section;
      if (isHere) settings ??= new Map();
      continue;
    }
    const equals = line.indexOf('=');
    if (!isHere || equals < 1 || /^\s/.test(line)) continue;
    settings!.set(line.slice(0, equals).trim().toLowerCase(), line.slice(equals + 1).trim());
  }
  return settings;
}
