'use strict';

(() => {
  const TERMINAL = ['completed', 'denied', 'expired', 'refused', 'over'];
  const ABORT_AFTER = 8000;
  const SHORTEST = 250;
  const LONGEST = 60000;
  const BACK_OFF_CAP = 15000;
  const UNSAID_WAIT = 5000;
  const SVG = 'http://www.w3.org/2000/svg';

  const page = document.querySelector('main');
  const live = page.querySelector('[role=status]');
  const trouble = page.querySelector('[role=alert]');
  const qr = page.querySelector('.qr');
  const here = document.getElementById('here');
  const session = encodeURIComponent(page.dataset.session);

  let state = page.dataset.status;
  let frame = page.dataset.frame;
  let failures = 0;
  let notBefore = 0;
  let timer = 0;
  let asking = false;
  let leaving = false;

  const ended = () => TERMINAL.includes(state);

  function show(next, message) {
    const parts = [...page.querySelectorAll('[data-states]')];
    const shown = (part) => part.dataset.states.split(' ').includes(next);
    const heading = parts.find((part) => part.localName === 'h1' && shown(part));
    if (!heading) throw new TypeError(`unknown status ${next}`);
    const focusLost = parts.some((part) => !shown(part) && part.contains(document.activeElement));
    for (const part of parts) part.hidden = !shown(part);
    state = next;
    page.dataset.status = next;
    live.textContent = message || heading.dataset.message;
    document.title = `${heading.textContent} – ${page.dataset.application}`;
    if (next === 'code') document.getElementById('code').focus();
    else if (focusLost) heading.focus();
  }

  function draw(markup, number, path) {
    const svg = new DOMParser().parseFromString(markup, 'image/svg+xml').documentElement;
    if (svg.namespaceURI !== SVG || svg.querySelector('parsererror')) throw new TypeError('not an SVG');
    qr.replaceChildren(document.adoptNode(svg));
    if (path) here.href = path;
    frame = String(number);
  }

  function eraseCode() {
    qr.replaceChildren();
    frame = '';
  }

  function leave() {
    leaving = true;
    document.getElementById('finish').submit();
  }

  // Of several tabs that show this login, one finishes it; the others see it completed.
  function finish() {
    if (!navigator.locks) {
      leave();
      return;
    }
    navigator.locks.request(`login-${session}`, { ifAvailable: true }, (lock) => {
      if (!lock) return undefined;
      leave();
      return new Promise(() => {});
    });
  }

  function follow(answer) {
    const next = answer.status === 'approved' && answer.code_required ? 'code' : answer.status;
    if (next !== state) {
      show(next, answer.message);
      if (next === 'approved') finish();
    }
    if (next !== 'pending') eraseCode();
    else if (answer.qr_svg) draw(answer.qr_svg, answer.frame, answer.qr_path);
    return Math.min(Math.max(Number(answer.next_poll_ms) || 2000, SHORTEST), LONGEST);
  }

  function backOff() {
    failures += 1;
    if (!trouble.textContent) trouble.textContent = page.dataset.unreachable;
    return Math.min(500 * 2 ** failures, BACK_OFF_CAP) * (0.8 + 0.2 * Math.random());
  }

  function retryAfter(response) {
    const value = response.headers.get('Retry-After') ?? '';
    const wait = /^\d+$/.test(value) ? value * 1000 : Date.parse(value) - Date.now();
    return Number.isFinite(wait) ? Math.max(wait, 1000) : UNSAID_WAIT;
  }

  async function ask() {
    const asked = [frame && `frame=${encodeURIComponent(frame)}`, page.dataset.still && 'hold=1'].filter(Boolean);
    const query = asked.length ? `?${asked.join('&')}` : '';
    const response = await fetch(`/sessions/${session}${query}`, {
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(ABORT_AFTER),
    });
    if (response.status === 429) {
      const wait = retryAfter(response);
      notBefore = performance.now() + wait;
      return wait;
    }
    if (response.status === 404 || response.status === 410) {
      show('over');
      eraseCode();
    } else if (!response.ok) {
      return backOff();
    }
    const delay = ended() ? 0 : follow(await response.json());
    failures = 0;
    trouble.textContent = '';
    return delay;
  }

  function schedule(delay) {
    clearTimeout(timer);
    if (!ended() && !leaving && !document.hidden) timer = setTimeout(poll, delay);
  }

  async function poll() {
    if (asking || leaving || ended()) return;
    const wait = notBefore - performance.now();
    if (wait > 0) {
      schedule(wait);
      return;
    }
    asking = true;
    const delay = await ask().catch(() => (leaving ? 0 : backOff()));
    asking = false;
    schedule(delay);
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : poll()));
  document.addEventListener('submit', () => { leaving = true; });
  window.addEventListener('online', poll);
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    leaving = false;
    poll();
  });

  // Finishing may answer with a redirect to this page; it then waits for the person instead of going in circles. A page
  // that a session approved just now comes after redirects too, and goes on.
  const sentBack = performance.getEntriesByType('navigation')[0]?.redirectCount > 0;
  if (state === 'approved' && (page.dataset.proceed || !sentBack)) finish();
  schedule(Number(page.dataset.firstPoll));
})();
