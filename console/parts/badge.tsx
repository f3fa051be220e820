import type { ComponentChildren } from 'preact';

/** A word about the state of something. The colour only repeats what the word says. */
export function Badge({ kind = 'neutral', children }: BadgeProps) {
  return <span class={`badge ${kind}`}>{children}</span>;
}

export type BadgeProps = { readonly kind?: Kind; readonly children: ComponentChildren };

/** How good something is. */
export type Kind = 'neutral' | 'info' | 'good' | 'warning' | 'bad';
