import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectStore } from '../../src/env/object-store.ts';

/** A store with two buckets that are empty, and none that is called `gone`. */
export type OpenedStore = {
  readonly store: ObjectStore;
  readonly things: string;
  readonly others: string;
} & AsyncDisposable;

/** What every store of objects promises. */
export function objectStoreContract(name: string, open: Open): void {
  contentIsKept(name, open);
  listsAreInOrder(name, open);
  conditionsAreKept(name, open);
  refusalsAreNamed(name, open);
}

type Open = () => Promise<OpenedStore>;

function contentIsKept(name: string, open: Open): void {
  test(`${name}: an object is there whole, in ranges, by its head, and gone once it was deleted`, async () => {
    await using opened = await open();
    const { store, things } = opened;
    const place = { bucket: things, key: 'a/b c/ü+%2F.txt' };
    assert.equal(await store.get(place), undefined);
    assert.equal(await store.get(place, { start: 0, end: 1 }), undefined);
    assert.equal(await store.head(place), undefined);
    const put = await store.put(place, [Buffer.from('hel'), Buffer.from('lo')], {
      contentType: 'text/plain',
    });
    assert.equal(put.bytes, 5);
    const found = await store.get(place);
    assert.deepEqual(found, { ...put, body: Buffer.from('hello') });
    assert.deepEqual(await store.head(place), put);
    assert.deepEqual(await store.get(place, { start: 1, end: 3 }), { bytes: 5, body: Buffer.from('el') });
    assert.equal(String((await store.get(place, { start: 3, end: 99 }))!.body), 'lo');
    assert.equal((await store.get(place, { start: 5, end: 99 }))!.body.length, 0);
    const empty = await store.put(place, []);
    assert.notEqual(empty.etag, put.etag);
    assert.deepEqual(await store.get(place), { ...empty, body: Buffer.alloc(0) });
    await store.delete(place);
    await store.delete(place);
    assert.equal(await store.head(place), undefined);
  });
}

function listsAreInOrder(name: string, open: Open): void {
  test(`${name}: a list is in the order of keys as bytes, and goes on behind any key`, async () => {
    await using opened = await open();
    const { store, things } = opened;
    const keys = [
      'p/a',
      'p/a-b',
      'p/a.txt',
      'p/b/c/d',
      'p/b/e',
      'p/b0',
      'p/%',
      'p//x',
      'p/.unfinished/k',
      'p/\u{1f600}',
      'p/\uffee',
      'p/a b+c&<>',
    ];
    for (const key of [...keys, 'o', 'q', '.unfinished/k']) {
      await store.put({ bucket: things, key }, [Buffer.from(key)]);
    }
    const expected = [...keys].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    const all = await store.list(things, { prefix: 'p/' });
    assert.deepEqual(all, {
      objects: expected.map((key) => ({ key, bytes: Buffer.byteLength(key) })),
      isTruncated: false,
    });
    for (let size = 1; size <= 5; size += 2) {
      const paged: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.list(things, { prefix: 'p/', after, max: size });
        paged.push(...page.objects.map(({ key }) => key));
        after = paged.at(-1);
        if (!page.isTruncated) break;
        assert.equal(page.objects.length, size);
      }
      assert.deepEqual(paged, expected);
    }
    const some = await store.list(things, { prefix: 'p/b' });
    assert.deepEqual(
      some.objects.map(({ key }) => key),
      ['p/b/c/d', 'p/b/e', 'p/b0'],
    );
    const { objects } = await store.list(things, { prefix: '' });
    assert.equal(objects.length, keys.length + 3);
    for (const prefix of ['p/a/', '../', `../${things}/`, './', 'p/../']) {
      assert.deepEqual(await store.list(things, { prefix }), { objects: [], isTruncated: false });
    }
    assert.deepEqual(await store.list(opened.others, { prefix: 'p/' }), { objects: [], isTruncated: false });
  });
}

function conditionsAreKept(name: string, open: Open): void {
  test(`${name}: of those who put where nothing is, one does`, async () => {
    await using opened = await open();
    const { store, things } = opened;
    const place = { bucket: things, key: 'one' };
    const racing = Array.from({ length: 8 }, async (_, nth) => {
      await store.put(place, [Buffer.from([nth])], { ifNone: true });
      return nth;
    });
    const outcomes = await Promise.allSettled(racing);
    const winners = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    assert.equal(winners.length, 1);
    for (const each of outcomes) {
      if (each.status === 'rejected') assert.equal(each.reason.code, 'PreconditionFailed');
    }
    assert.deepEqual([...(await store.get(place))!.body], winners);
  });

  test(`${name}: what is put in place of an object is put only in place of that one`, async () => {
    await using opened = await open();
    const { store, things } = opened;
    const place = { bucket: things, key: 'one/two' };
    const refused = { name: 'ObjectStoreError', code: 'PreconditionFailed', passes: false };
    const first = await store.put(place, [Buffer.from('first')]);
    const second = await store.put(place, [Buffer.from('second')], { ifMatch: first.etag });
    await assert.rejects(store.put(place, [Buffer.from('third')], { ifMatch: first.etag }), refused);
    assert.deepEqual(await store.head(place), second);
    await store.delete(place);
    await assert.rejects(store.put(place, [Buffer.from('third')], { ifMatch: second.etag }), refused);
    assert.equal(await store.head(place), undefined);
  });
}

function refusalsAreNamed(name: string, open: Open): void {
  test(`${name}: a bucket that is not there is refused by name, and so is what is no key`, async () => {
    await using opened = await open();
    const { store, things } = opened;
    const noBucket = { name: 'ObjectStoreError', code: 'NoSuchBucket', passes: false };
    await assert.rejects(store.put({ bucket: 'gone', key: 'k' }, [Buffer.from('x')]), noBucket);
    await assert.rejects(store.get({ bucket: 'gone', key: 'k' }), noBucket);
    await assert.rejects(store.list('gone', { prefix: '' }), noBucket);
    for (const key of ['', '../others/k', 'a/./b', 'a/..', 'nul\0', '\ud800']) {
      await assert.rejects(store.put({ bucket: things, key }, []), { code: 'InvalidArgument' });
    }
    await assert.rejects(store.put({ bucket: things, key: 'k'.repeat(1025) }, []), {
      code: 'KeyTooLongError',
    });
    for (const bucket of ['..', '', 'a/b', '.x.']) {
      await assert.rejects(store.list(bucket, { prefix: '' }), { code: 'InvalidBucketName' });
    }
  });

  test(`${name}: what is not wanted any more ends with the reason`, async () => {
    await using opened = await open();
    const reason = new Error('the server ends');
    const ended = AbortSignal.abort(reason);
    await assert.rejects(opened.store.head({ bucket: opened.things, key: 'k' }, ended), reason);
    await assert.rejects(opened.store.put({ bucket: opened.things, key: 'k' }, [], {}, ended), reason);
  });
}
