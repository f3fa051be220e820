import { DamagedError } from '../../../log/log.ts';
import type { OwnMap, Writer } from '../../../wire/writer.ts';
import type { Item } from '../values/attribute-value.ts';
import { ByteText } from './byte-text.ts';
import { decodeItem, type EncodedItem, types } from './encoded-item.ts';
import type { StoredItem } from './table-store.ts';

/**
 * An item as it was stored when it was found. It writes its attributes as their shape would, straight from
 * its bytes: of what is only answered nothing is made.
 */
export class FoundItem implements StoredItem, OwnMap {
  readonly size: number;
  readonly #bytes: EncodedItem;

  constructor({ size, bytes }: { readonly size: number; readonly bytes: EncodedItem }) {
    this.size = size;
    this.#bytes = bytes;
  }

  get item(): Item {
    return decodeItem(this.#bytes);
  }

  writeEntries(writer: Writer): void {
    const reader = new ByteText(this.#bytes);
    reader.number();
    reader.number();
    writeEntries(writer, reader);
  }
}

function writeEntries(writer: Writer, reader: ByteText): void {
  for (let count = reader.number(); count > 0; count--) {
    writer.key(reader.string());
    writer.openMap();
    writeValue(writer, reader);
    writer.closeMap();
  }
}

/** The one member that a value has. */
function writeValue(writer: Writer, reader: ByteText): void {
  const type = reader.byte();
  switch (type) {
    case types.S:
      writer.key('S');
      writer.string(reader.string());
      break;
    case types.N:
      writer.key('N');
      writer.string(reader.string());
      break;
    case types.B:
      writer.key('B');
      writeBytes(writer, reader);
      break;
    case types.true:
    case types.false:
      writer.key('BOOL');
      writer.boolean(type === types.true);
      break;
    case types.NULL:
      writer.key('NULL');
      writer.boolean(true);
      break;
    case types.M:
      writer.key('M');
      writer.openMap();
      writeEntries(writer, reader);
      writer.closeMap();
      break;
    case types.L:
      writer.key('L');
      writeList(writer, reader, writeElement);
      break;
    case types.SS:
      writer.key('SS');
      writeList(writer, reader, writeText);
      break;
    case types.NS:
      writer.key('NS');
      writeList(writer, reader, writeText);
      break;
    case types.BS:
      writer.key('BS');
      writeList(writer, reader, writeBytes);
      break;
    default:
      throw new DamagedError(`there is no type ${type} of values`);
  }
}

function writeList(
  writer: Writer,
  reader: ByteText,
  writeItem: (writer: Writer, reader: ByteText) => void,
): void {
  writer.openList();
  for (let count = reader.number(); count > 0; count--) {
    writer.item();
    writeItem(writer, reader);
  }
  writer.closeList();
}

function writeElement(writer: Writer, reader: ByteText): void {
  writer.openMap();
  writeValue(writer, reader);
  writer.closeMap();
}

function writeText(writer: Writer, reader: ByteText): void {
  writer.string(reader.string());
}

function writeBytes(writer: Writer, reader: ByteText): void {
  writer.blob(Buffer.from(reader.bytes(reader.number()), 'latin1'));
}
