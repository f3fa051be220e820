// This file has state: which keys do something now.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** A key, or two one after the other (`g s`), and what it does. */
export type KeyBinding = {
  /** As `KeyboardEvent.key` has it. Two with a space between are pressed one after the other. */
  readonly keys: string;
  /** What it does, for the list of keys. */
  readonly text: string;
  readonly run: () => void;
};

/** All that do something now, the newest first: a page's come before the shell's. */
export const bindings = signal<readonly KeyBinding[]>([]);

/** Has keys do something as long as a component is drawn, wherever the focus is but in fields. */
export function useKeys(own: readonly KeyBinding[], about: readonly unknown[] = []): void {
  useEffect(() => {
    bindings.value = [...own, ...bindings.peek()];
    return () => {
      bindings.value = bindings.peek().filter((binding) => !own.includes(binding));
    };
  }, about as unknown[]);
}

/** Hears keys from now on. */
export function listenToKeys(): void {
  let first = '';
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    const { value } = bindings;
    const binding =
      value.find(({ keys }) => first !== '' && keys === `${first} ${event.key}`) ??
      value.find(({ keys }) => keys === event.key);
    first = value.some(({ keys }) => keys.startsWith(`${event.key} `)) ? event.key : '';
    if (binding === undefined) return;
    event.preventDefault();
    first = '';
    binding.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
