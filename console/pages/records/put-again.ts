// This file has state: a record that was chosen to be put again, for the page that puts it.
import { signal } from '@preact/signals';
import type { NewRecord } from './produce-input.ts';

export const toBePut = signal<NewRecord | undefined>(undefined);
