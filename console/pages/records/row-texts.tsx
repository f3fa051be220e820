import type { ComponentChildren } from 'preact';
import { format } from '../../text/format.ts';
import { bodyPreview, visibleText } from './body-text.ts';
import type { TailBuffer } from './tail-buffer.ts';
import { arrivalText, recordOfText, shardNumber, sizeOfBase64 } from './tail-record.ts';

/** The cells of rows, made of a record's text when it is first in sight, and kept while it may be again. */
export class RowTexts {
  readonly #buffer: TailBuffer;
  readonly #made = new Map<number, ComponentChildren>();

  constructor(buffer: TailBuffer) {
    this.#buffer = buffer;
  }

  cells(place: number): ComponentChildren {
    const made = this.#made.get(place) ?? cellsOf(this.#buffer.at(place));
    if (this.#made.size >= madeMax) this.#made.clear();
    this.#made.set(place, made);
    return made;
  }
}

/** Several screens of rows. */
const madeMax = 400;
const previewMax = 300;

function cellsOf(text: string | undefined): ComponentChildren {
  if (text === undefined) return null;
  const record = recordOfText(text);
  const { partitionKey, arrival, shardId, forms, trouble, subSequence } = record;
  const key = visibleText(partitionKey);
  return [
    <td key="time" class="cell-time">
      {arrivalText(arrival, new Date())}
    </td>,
    <td key="shard" class="cell-shard" title={shardId}>
      {shardNumber(shardId)}
    </td>,
    <td key="key" class="cell-key" title={key}>
      {key}
    </td>,
    <td key="size" class="cell-size">
      {format.bytes(sizeOfBase64(record.data))}
    </td>,
    <td key="forms" class="cell-forms" title={trouble}>
      {trouble === undefined ? formsText(forms, subSequence) : `⚠ ${formsText(forms, subSequence)}`}
    </td>,
    <td key="body" class="cell-body">
      {bodyPreview(record.body, previewMax)}
    </td>,
  ];
}

/** `kpl 3 · gzip · json`: the third of an aggregate. */
function formsText(forms: readonly string[], subSequence: number | undefined): string {
  return forms
    .map((form) => (form === 'kpl' && subSequence !== undefined ? `kpl ${subSequence}` : form))
    .join(' · ');
}
