import type { ComponentChildren } from 'preact';
import type { Kind } from './badge.tsx';

/** Something that one should know, in the page. What is bad is read out at once. */
export function Notice({ kind = 'info', title, children, actions }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {title !== undefined && <strong>{title}</strong>}
      {children !== undefined && <div class="notice-text">{children}</div>}
      {actions !== undefined && <div class="notice-actions">{actions}</div>}
    </div>
  );
}

export type NoticeProps = {
  readonly kind?: Kind;
  readonly title?: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
};
