// This file has state: what is shown at the edge of the window for a while.
import { signal } from '@preact/signals';
import type { Kind } from './badge.tsx';

type Toast = { readonly id: number; readonly kind: Kind; readonly text: string };

const shown = signal<readonly Toast[]>([]);
let last = 0;

/** Says something at the edge of the window for a few seconds: what was done. Errors belong in the page. */
export function toast(kind: Kind, text: string): void {
  last += 1;
  const id = last;
  shown.value = [...shown.value.slice(1 - shownMax), { id, kind, text }];
  setTimeout(() => {
    shown.value = shown.value.filter((one) => one.id !== id);
  }, shownMs);
}

const shownMax = 4;
const shownMs = 6_000;

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map(({ id, kind, text }) => (
        <div key={id} class={`toast ${kind}`}>
          {text}
        </div>
      ))}
    </div>
  );
}
