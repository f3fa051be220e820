import type { OutputOf, Shape } from '../../../wire/shape.ts';
import { type OwnList, type Writer, writeValue } from '../../../wire/writer.ts';

/**
 * A list that is written ahead of its answer, as its items come, with a turn for other work after every few
 * of them. `writer` is one for items, see `Codec.itemWriter`.
 */
export async function writtenInTurns<Item extends Shape>(
  writer: Writer,
  shape: Item,
  items: Iterable<OutputOf<Item>>,
  { itemsPerTurn, turn }: { readonly itemsPerTurn: number; turn(): Promise<void> },
): Promise<OwnList> {
  let written = 0;
  for (const item of items) {
    writer.item();
    writeValue(writer, shape, item);
    if (++written % itemsPerTurn === 0) await turn();
  }
  const pieces = writer.sink.pieces();
  return {
    writeItems(answer) {
      for (const piece of pieces) answer.items(piece);
    },
  };
}
