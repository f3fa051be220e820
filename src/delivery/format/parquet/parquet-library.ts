import type { ByteWriter } from 'hyparquet-writer';
import type { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import type { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { snappyCompress } from 'hyparquet-writer/src/snappy.js';

/** What of hyparquet-writer is used: the parts of the format. Pages are filled here, from JSON's bytes. */
export type ParquetLibrary = {
  readonly ByteWriter: typeof ByteWriter;
  readonly writePageHeader: typeof writePageHeader;
  readonly writeRleBitPackedHybrid: typeof writeRleBitPackedHybrid;
  readonly writeMetadata: typeof writeMetadata;
  readonly snappyCompress: typeof snappyCompress;
};

/** Loads it: only a delivery that asks for Parquet does. */
export async function loadParquetLibrary(): Promise<ParquetLibrary> {
  const [bytes, pages, encoding, metadata, snappy] = await Promise.all([
    import('hyparquet-writer/src/bytewriter.js'),
    import('hyparquet-writer/src/datapage.js'),
    import('hyparquet-writer/src/encoding.js'),
    import('hyparquet-writer/src/metadata.js'),
    import('hyparquet-writer/src/snappy.js'),
  ]);
  return {
    ByteWriter: bytes.ByteWriter,
    writePageHeader: pages.writePageHeader,
    writeRleBitPackedHybrid: encoding.writeRleBitPackedHybrid,
    writeMetadata: metadata.writeMetadata,
    snappyCompress: snappy.snappyCompress,
  };
}
