import type { ConsoleConfig } from '../../src/services/millrace/sights.ts';
import { CallError, callQuery, getJson } from '../api/call.ts';
import { config } from '../api/config.ts';
import { isCertified, region } from '../api/session.ts';
import { tellLanguage } from '../text/text.ts';
import { listenToKeys } from './keys.ts';
import { followLinks } from './router.ts';
import { tellTheme } from './theme.ts';

/** What is done once, before the page is drawn. */
export function begin(): void {
  tellLanguage();
  tellTheme();
  followLinks();
  listenToKeys();
}

/** Asks the server what it is. Rejects with `CallError`. */
export async function askConfig(signal?: AbortSignal): Promise<ConsoleConfig> {
  const asked = await getJson<ConsoleConfig>('/console/config.json', signal === undefined ? {} : { signal });
  region.value = keptRegion() ?? asked.Region;
  isCertified.value = asked.Signed && asked.Certified && (await isKnown());
  config.value = asked;
  return asked;
}

/**
 * Whether a call counts that nobody has signed: the certificate may name a user, or stand for the machine
 * alone.
 */
async function isKnown(): Promise<boolean> {
  try {
    await callQuery('sts', 'GetCallerIdentity', {});
    return true;
  } catch (error) {
    if (error instanceof CallError) return false;
    throw error;
  }
}

/** That in which somebody worked in this tab before. */
function keptRegion(): string | undefined {
  return sessionStorage.getItem(regionKey) ?? undefined;
}

/** Signs calls for another region from now on. */
export function chooseRegion(name: string): void {
  region.value = name;
  sessionStorage.setItem(regionKey, name);
}

const regionKey = 'millrace.region';
