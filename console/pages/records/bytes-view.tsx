import { useSignal } from '@preact/signals';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { format } from '../../text/format.ts';
import { hexDump } from './body-text.ts';
import { bytesOfBase64 } from './produce-input.ts';
import { t } from './text.ts';

/** Bytes as a dump, or as text where they are; at first their beginning. */
export function BytesView({ data, as }: { readonly data: string; readonly as: 'hex' | 'text' }) {
  const bytes = bytesOfBase64(data);
  const shown = useSignal(bytesShown);
  const rest = bytes.length - shown.value;
  const text = as === 'hex' ? hexDump(bytes, 0, shown.value) : textOf(bytes.subarray(0, shown.value));
  return (
    <div class="bytes-view">
      <CopyButton text={as === 'hex' ? hexDump(bytes, 0, bytes.length) : textOf(bytes)} />
      <pre class={as === 'hex' ? 'mono' : 'mono wraps'}>{text}</pre>
      {rest > 0 && (
        <Button
          kind="quiet"
          onPress={() => {
            shown.value *= 8;
          }}
        >
          {t.moreBytes(format.bytes(Math.min(rest, shown.value * 7)))}
        </Button>
      )}
    </div>
  );
}

const bytesShown = 4096;

/** What is no UTF-8 shows as replacement characters, as everywhere else. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
