import { extname } from 'node:path';
import type { HttpRequest, HttpResponse } from '../../env/network.ts';
import { readFolder } from '../../env/node-folder.ts';
import { HeaderFields } from '../../http/headers.ts';
import type { ConsoleConfig } from '../../services/millrace/sights.ts';
import { type ConsoleFile, type ConsoleFiles, consoleFiles } from './console-files.ts';

/** What is asked for below `/console/`, answered: loaded and read when the first browser comes. */
export class ConsoleAnswers {
  readonly #config: Omit<ConsoleConfig, 'Certified'>;
  readonly #read: () => Promise<ReadonlyMap<string, Buffer>>;
  #files: Promise<ConsoleFiles> | undefined;

  /** `read` answers what was built; by default what is in the package, or in `dist` of a checkout. */
  constructor(config: Omit<ConsoleConfig, 'Certified'>, read = () => readFolder(builtFolder)) {
    this.#config = config;
    this.#read = read;
  }

  async answer({ target, rawHeaders, peer }: HttpRequest): Promise<HttpResponse> {
    const path = target.replace(/\?.*$/s, '').slice('/console/'.length);
    const headers = new HeaderFields(rawHeaders);
    if (path === 'config.json') {
      return asJson({ ...this.#config, Certified: peer.certificate !== undefined });
    }
    this.#files ??= this.#readFiles();
    return answerOf(await this.#files, path, headers);
  }

  /** What cannot be read now may be readable for the next who asks. */
  async #readFiles(): Promise<ConsoleFiles> {
    try {
      return await consoleFiles(await this.#read());
    } catch (error) {
      this.#files = undefined;
      throw error;
    }
  }
}

/** As this file: in the sources it is beside them, in the package among them. */
const isInSources = extname(import.meta.filename) === '.ts';
const builtFolder = new URL(isInSources ? '../../../dist/console/' : '../../console/', import.meta.url);

/** Any path that is no file is one of the page's own, whose script shows what belongs there. */
function answerOf(files: ConsoleFiles, path: string, headers: HeaderFields): HttpResponse {
  const named = files.get(path);
  if (named !== undefined && path !== 'index.html') return fileAnswer(named, headers, forever);
  const index = files.get('index.html');
  if (index === undefined) return inWords(notBuilt);
  // Of another version, which an old page still asks for.
  if (/^[^/]+\.(?:js|css)$/.test(path)) return inWords(noSuchFile);
  return fileAnswer(index, headers, 'no-cache');
}

/** Names of files say what is in them. */
const forever = 'public, max-age=31536000, immutable';

function fileAnswer(file: ConsoleFile, headers: HeaderFields, cacheControl: string): HttpResponse {
  const { contentType, plain, packed, etag } = file;
  const common = { ...guards, ETag: etag, 'Cache-Control': cacheControl, Vary: 'Accept-Encoding' };
  if (isKnown(headers.get('if-none-match'), etag)) return { status: 304, headers: common, body: '' };
  const takesPacked = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(headers.get('accept-encoding') ?? '');
  const encoding: Record<string, string> = takesPacked ? { 'Content-Encoding': 'gzip' } : {};
  return {
    status: 200,
    headers: { ...common, 'Content-Type': contentType, ...encoding },
    body: takesPacked ? packed : plain,
  };
}

/** Whether a client has what it asks for (RFC 9110 §13.1.2). */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const bare = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === bare);
}

function asJson(value: ConsoleConfig): HttpResponse {
  const headers = { ...guards, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: JSON.stringify(value) };
}

function inWords(body: string): HttpResponse {
  const headers = { ...guards, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status: 404, headers, body };
}

const notBuilt =
  'The console was not built in this checkout. "npm start" builds it before the server starts; ' +
  'so does "npm run build", after which this server has to be started again.\n';
const noSuchFile = 'This version of the console has no such file. Load the page anew.\n';

/**
 * What keeps the page to itself: it runs its own scripts alone, sends nothing to other hosts, is in no frame,
 * tells no other site its address, and is of no group with pages that opened it (CSP level 3; HTML standard,
 * "Cross-origin opener policies"; Fetch standard, "Cross-Origin-Resource-Policy").
 */
export const guards: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()',
};
