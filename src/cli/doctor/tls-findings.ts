import { X509Certificate } from 'node:crypto';
import type { ServerOptions } from '../../server/options.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** The certificate that a server would show by its options, at a time in milliseconds. */
export async function tlsFindings(
  { tlsCertificate: path }: Pick<ServerOptions, 'tlsCertificate'>,
  { readFile }: Pick<Surroundings, 'readFile'>,
  now: number,
): Promise<Finding[]> {
  if (path === undefined) return [];
  try {
    const { validTo, validFrom, subjectAltName } = new X509Certificate(await readFile(path));
    const daysLeft = Math.floor((Date.parse(validTo) - now) / 86_400_000);
    const says = `${path} is for ${subjectAltName ?? 'no name'}, until ${validTo}`;
    if (daysLeft < 0) return [fault('certificate', `${says}: it has expired`, 'renew it')];
    if (Date.parse(validFrom) > now)
      return [fault('certificate', `${says}: not before ${validFrom}`, 'check the clock')];
    if (daysLeft < daysWanted) return [warning('certificate', `${says}: ${daysLeft} days`, 'renew it')];
    return [ok('certificate', says)];
  } catch (error) {
    return [
      fault('certificate', `${path} cannot be used: ${(error as Error).message}`, 'name a PEM certificate'),
    ];
  }
}

const daysWanted = 14;
