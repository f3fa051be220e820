import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip with one file, in base64. */
export async function zipped(name: string, text: string): Promise<string> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return (await buffer(zip.outputStream)).toString('base64');
}
