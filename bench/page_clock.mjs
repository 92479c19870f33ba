// Runs the login page's own script on a clock without waiting. Lines of JSON on stdin and stdout:
//   in   {"visit": {script, first_poll_ms}}      a page is opened at time 0
//   out  {"poll": ms}                             it asks; answered by {"answer": {...}} or {"closed": true}
//   out  {"ended": ms}                            it finished the login, stopped asking, or was closed
import { readSync, writeSync } from 'node:fs';
import vm from 'node:vm';

let unread = '';
function line() {
  const chunk = Buffer.alloc(65536);
  while (!unread.includes('\n')) {
    const length = readSync(0, chunk);
    if (length === 0) process.exit(0);
    unread += chunk.toString('utf8', 0, length);
  }
  const end = unread.indexOf('\n');
  const said = unread.slice(0, end);
  unread = unread.slice(end + 1);
  return JSON.parse(said);
}
const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);

class Clock {
  now = 0;
  timers = new Map();
  last = 0;

  setTimeout = (run, delay) => {
    this.last += 1;
    this.timers.set(this.last, { run, at: this.now + delay });
    return this.last;
  };

  clearTimeout = (id) => this.timers.delete(id);

  next() {
    const [first] = [...this.timers].sort(([, a], [, b]) => a.at - b.at);
    if (!first) return false;
    this.timers.delete(first[0]);
    this.now = first[1].at;
    first[1].run();
    return true;
  }
}

const element = (dataset = {}) => ({
  dataset, hidden: false, textContent: '', localName: 'h1', contains: () => false, focus() {}, replaceChildren() {},
});

function page(visit, ended) {
  const headings = ['pending', 'scanned', 'approved', 'code', 'completed', 'denied', 'expired', 'refused', 'over'];
  const parts = headings.map((states) => element({ states, message: states }));
  const rest = { '[role=status]': element(), '[role=alert]': element(), '.qr': element() };
  const main = {
    dataset: { session: 'S', status: 'pending', frame: '0', firstPoll: String(visit.first_poll_ms), application: 'Demo' },
    querySelector: (selector) => rest[selector] ?? null,
    querySelectorAll: (selector) => (selector === '[data-states]' ? parts : []),
  };
  return {
    title: '',
    hidden: false,
    activeElement: null,
    querySelector: (selector) => (selector === 'main' ? main : null),
    getElementById: (id) => (id === 'finish' ? { submit: ended } : null),
    addEventListener() {},
  };
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

async function visit(asked) {
  const clock = new Clock();
  let over = false;
  const end = () => { over = true; };
  const fetch = () => {
    say({ poll: clock.now });
    const { answer, closed } = line();
    if (closed) {
      over = true;
      return new Promise(() => {});
    }
    return Promise.resolve({ ok: true, status: 200, headers: new Map(), json: () => Promise.resolve(answer) });
  };
  const performance = { now: () => clock.now, getEntriesByType: () => [{ redirectCount: 0 }] };
  const { setTimeout, clearTimeout } = clock;
  const scope = {
    document: page(asked, end), window: { addEventListener() {} }, navigator: {}, AbortSignal, performance, fetch, setTimeout, clearTimeout,
  };
  vm.runInNewContext(asked.script, scope);
  while (!over && clock.next()) await settled();
  say({ ended: clock.now });
}

for (;;) await visit(line().visit);
