import { useSignal } from '@preact/signals';
import { texts } from '../text/text.ts';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';

const t = texts({
  en: { copy: 'Copy', copied: 'Copied' },
  es: { copy: 'Copiar', copied: 'Copiado' },
});

/** Puts a text into the clipboard, and says so for a while. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const isCopied = useSignal(false);
  const copy = () => {
    copyText(text);
    isCopied.value = true;
    setTimeout(() => {
      isCopied.value = false;
    }, shownMs);
  };
  return (
    <Button kind="quiet" why={label ?? t.copy} onPress={copy}>
      <span aria-live="polite">{isCopied.value ? t.copied : (label ?? t.copy)}</span>
    </Button>
  );
}

const shownMs = 2_000;
