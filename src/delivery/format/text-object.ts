import { giveBack, inOwnMemory } from '../../env/discard.ts';
import type { Compression } from '../delivery-spec.ts';
import type { DeliveredRecord } from '../record/delivered-record.ts';
import type { Compressor } from './compressor.ts';
import { openGzip } from './gzip-object.ts';
import type { ObjectWriter } from './object-writer.ts';
import { openOrderedPieces } from './ordered-pieces.ts';
import { openHadoopSnappy, openXerialSnappy } from './snappy-object.ts';
import { openZip } from './zip-object.ts';
import { openZstd } from './zstd-object.ts';

export type TextForm = {
  readonly compression: Compression;
  /**
   * Bytes between records, not behind the last one (as Firehose delivers with `AppendDelimiterToRecord`);
   * undefined for none.
   */
  readonly delimiter?: Buffer | undefined;
};

/** An object of records behind each other, as they are, compressed as it fills. */
export function openTextObject(form: TextForm): ObjectWriter {
  return new TextObject(openCompressor(form.compression), form);
}

function openCompressor(compression: Compression): Compressor {
  switch (compression) {
    case 'NONE':
      // What is to be put is handed to another thread, with all of the memory that it lies in.
      return openOrderedPieces({ compress: inOwnMemory });
    case 'GZIP':
      return openGzip();
    case 'ZIP':
      return openZip();
    case 'SNAPPY':
      return openXerialSnappy();
    case 'HADOOP_SNAPPY':
      return openHadoopSnappy();
    case 'ZSTD':
      return openZstd();
  }
}

class TextObject implements ObjectWriter {
  readonly #compressor: Compressor;
  readonly #delimiter: Buffer;
  readonly #form: TextForm;
  #piece = Buffer.allocUnsafeSlow(pieceBytesMin);
  #used = 0;
  #rawBytes = 0;
  #records = 0;

  constructor(compressor: Compressor, form: TextForm) {
    this.#compressor = compressor;
    this.#delimiter = form.delimiter ?? Buffer.alloc(0);
    this.#form = form;
  }

  get rawBytes(): number {
    return this.#rawBytes;
  }

  get records(): number {
    return this.#records;
  }

  get heldBytes(): number {
    return this.#compressor.heldBytes + this.#piece.length;
  }

  async add(records: readonly DeliveredRecord[]): Promise<readonly []> {
    for (const { data } of records) {
      if (this.#records > 0) this.#write(this.#delimiter);
      this.#write(data);
      this.#records++;
      this.#rawBytes += data.length;
      if (this.#used >= pieceBytes) await this.#hand();
    }
    return [];
  }

  async finish() {
    if (this.#used > 0) await this.#hand();
    const bytes = [...(await this.#compressor.finish())];
    return { bytes, contentType, ...encodings[this.#form.compression] };
  }

  #write(bytes: Buffer): void {
    const end = this.#used + bytes.length;
    if (end > this.#piece.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.max(end, Math.min(this.#piece.length * 4, pieceBytes + slackBytes)),
      );
      this.#piece.copy(grown, 0, 0, this.#used);
      giveBack([this.#piece]);
      this.#piece = grown;
    }
    bytes.copy(this.#piece, this.#used);
    this.#used = end;
  }

  async #hand(): Promise<void> {
    const piece = this.#piece.subarray(0, this.#used);
    this.#piece = Buffer.allocUnsafeSlow(pieceBytesMin);
    this.#used = 0;
    await this.#compressor.add(piece);
  }
}

/** As Firehose puts all its objects. */
const contentType = 'application/octet-stream';

/**
 * Firehose's, and what it says of the bytes. Objects of `HADOOP_SNAPPY` end with `.snappy`, whatever its
 * developer guide says.
 */
const encodings: Readonly<Record<Compression, { extension: string; contentEncoding?: string }>> = {
  NONE: { extension: '' },
  GZIP: { extension: '.gz', contentEncoding: 'gzip' },
  ZIP: { extension: '.zip', contentEncoding: 'zip' },
  SNAPPY: { extension: '.snappy', contentEncoding: 'snappy-java' },
  HADOOP_SNAPPY: { extension: '.snappy', contentEncoding: 'hadoop-snappy' },
  ZSTD: { extension: '.zst', contentEncoding: 'zstd' },
};

/** Pieces grow up to this, and by no more than one record beyond it. Small enough for hundreds of objects. */
const pieceBytes = 1024 * 1024;
const pieceBytesMin = 4 * 1024;
/** Records are mostly smaller than this, so that a piece seldom grows beyond its size. */
const slackBytes = 16 * 1024;
