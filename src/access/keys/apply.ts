import assert from 'node:assert/strict';
import type { Draft } from '../../journal/state-machine.ts';
import type { KeyEdit } from './edit.ts';
import { type Alias, type AliasKey, aliasKeyOf, aliasNamesOf, type KeysState, type KmsKey } from './state.ts';

/**
 * A state of keys to be changed by many edits: its maps are copied before the first of them. An edit about a
 * key that is not there changes nothing. Every key that an edit changes must be sound.
 */
export class KeysDraft implements Draft<KeysState, KeyEdit> {
  #state: KeysState;
  /** Copies of the state's maps, once there was something to change. */
  #maps: KeysMaps | undefined;

  constructor(state: KeysState) {
    this.#state = state;
  }

  get state(): KeysState {
    return this.#state;
  }

  apply(edit: KeyEdit): void {
    switch (edit.kind) {
      case 'key-created':
        this.#put(edit.key);
        break;
      case 'key-deleted':
        this.#delete(edit.id);
        break;
      case 'alias-set':
        this.#setAlias(edit.alias);
        break;
      case 'alias-deleted':
        this.#deleteAlias(edit.key);
        break;
      case 'services-key-wrapped':
        this.#state = { ...this.#state, servicesKey: edit.wrapped };
        break;
      case 'snapshot':
        this.#restore(edit);
        break;
      default: {
        const key = this.#state.keys.get(edit.id);
        if (key !== undefined) this.#put(changed(key, edit));
      }
    }
  }

  finish(version: number): KeysState {
    this.#maps = undefined;
    this.#state = { ...this.#state, version };
    return this.#state;
  }

  #put(key: KmsKey): void {
    requireSound(key);
    this.#own().keys.set(key.id, key);
  }

  #delete(id: string): void {
    const key = this.#state.keys.get(id);
    if (key === undefined) return;
    for (const name of aliasNamesOf(this.#state, key)) this.#deleteAlias(aliasKeyOf({ ...key, name }));
    this.#own().keys.delete(id);
  }

  #setAlias(alias: Alias): void {
    assert(this.#state.keys.has(alias.key), `alias ${alias.name} names a key`);
    this.#deleteAlias(aliasKeyOf(alias));
    const { aliases, aliasNames } = this.#own();
    aliases.set(aliasKeyOf(alias), alias);
    aliasNames.set(alias.key, [...(aliasNames.get(alias.key) ?? []), alias.name].sort());
  }

  #deleteAlias(key: AliasKey): void {
    const { aliases, aliasNames } = this.#own();
    const alias = aliases.get(key);
    if (alias === undefined) return;
    aliases.delete(key);
    const left = (aliasNames.get(alias.key) ?? []).filter((name) => name !== alias.name);
    if (left.length > 0) aliasNames.set(alias.key, left);
    else aliasNames.delete(alias.key);
  }

  #restore({ keys, aliases }: Extract<KeyEdit, { kind: 'snapshot' }>): void {
    for (const key of keys) requireSound(key);
    this.#maps = {
      keys: new Map(keys.map((key) => [key.id, key])),
      aliases: new Map(),
      aliasNames: new Map(),
    };
    this.#state = { ...this.#state, ...this.#maps, servicesKey: undefined };
    for (const alias of aliases) this.#setAlias(alias);
  }

  #own(): KeysMaps {
    if (this.#maps === undefined) {
      const { keys, aliases, aliasNames } = this.#state;
      this.#maps = { keys: new Map(keys), aliases: new Map(aliases), aliasNames: new Map(aliasNames) };
      this.#state = { ...this.#state, ...this.#maps };
    }
    return this.#maps;
  }
}

type KeysMaps = {
  readonly keys: Map<string, KmsKey>;
  readonly aliases: Map<AliasKey, Alias>;
  readonly aliasNames: Map<string, readonly string[]>;
};

type OneKeyEdit = Extract<KeyEdit, { kind: 'key-changed' | 'key-rotated' | 'key-rewrapped' }>;

function changed(key: KmsKey, edit: OneKeyEdit): KmsKey {
  switch (edit.kind) {
    case 'key-changed':
      return { ...key, ...edit.settings };
    case 'key-rotated':
      return { ...key, versions: [...key.versions, edit.version] };
    case 'key-rewrapped':
      assert(edit.wrapped.length === key.versions.length, 'all versions of a key are wrapped anew at once');
      return {
        ...key,
        versions: key.versions.map((version, index) => ({ ...version, wrapped: edit.wrapped[index]! })),
      };
  }
}

/** Asserts what must hold for each key: material that is lost is never found again. */
function requireSound({ id, versions, status, deletionAt }: KmsKey): void {
  assert(versions.length > 0, `key ${id} has material`);
  assert(
    versions.every(({ number }, index) => number === index + 1),
    `key ${id} has all of its versions, in order`,
  );
  assert((status === 'PendingDeletion') === (deletionAt !== null), `key ${id} is deleted if it has a date`);
}
