'use strict';

(() => {
  const ABORT_AFTER = 10000;
  const PAUSES = [1000, 3000];

  const page = document.querySelector('main');
  const live = page.querySelector('[role=status]');
  const trouble = page.querySelector('[role=alert]');
  const asked = JSON.parse(page.dataset.asked);
  const problems = JSON.parse(page.dataset.problems);

  function show(next, message) {
    const parts = [...page.querySelectorAll('[data-states]')];
    const shown = (part) => part.dataset.states.split(' ').includes(next);
    const heading = parts.find((part) => part.localName === 'h1' && shown(part));
    const focusLost = parts.some((part) => !shown(part) && part.contains(document.activeElement));
    for (const part of parts) part.hidden = !shown(part);
    page.dataset.status = next;
    live.textContent = message || heading.dataset.message;
    trouble.textContent = '';
    if (focusLost) heading.focus();
  }

  // A page speaks one language: what a problem says for itself is English.
  function told(problem) {
    if (problem.code in problems) return problems[problem.code];
    return problem.code && document.documentElement.lang !== 'en'
      ? ''
      : [problem.detail, problem.guidance].filter(Boolean).join(' ');
  }

  function fail(problem) {
    const words = told(problem);
    page.querySelector('.reference code').textContent = problem.correlation_id || '–';
    show('failed', words);
  }

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, '-')
      .replace(/\//g, '_')
      .replace(/=+$/, '');

  function written(credential) {
    const parts = ['clientDataJSON', 'authenticatorData', 'signature', 'userHandle', 'attestationObject'];
    const response = {};
    for (const part of parts) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return { id: credential.id, rawId: credential.id, type: credential.type, response };
  }

  function approval() {
    return navigator.credentials.get({
      publicKey: {
        challenge: bytes(asked.challenge),
        rpId: asked.rp_id,
        allowCredentials: [],
        userVerification: 'required',
      },
    });
  }

  function creation() {
    const { options } = asked;
    return navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
      },
    });
  }

  // The same bytes may be sent again: whoever gets them twice answers as the first time.
  async function post(path, body, pauses = PAUSES) {
    try {
      const response = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body,
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: AbortSignal.timeout(ABORT_AFTER),
      });
      return { ok: response.ok, answer: await response.json() };
    } catch {
      if (!pauses.length) return { ok: false, answer: { detail: page.dataset.unreachable } };
      await new Promise((resume) => setTimeout(resume, pauses[0]));
      return post(path, body, pauses.slice(1));
    }
  }

  function approved(answer) {
    if (answer.code) {
      page.querySelector('.shown-code').textContent = answer.code;
      show('step_up');
      return;
    }
    show('approved');
    if (page.dataset.return) location.replace(page.dataset.return);
  }

  function enrolled(answer) {
    page.querySelector('.shown-code').textContent = answer.check;
    show(answer.status === 'active' ? 'enrolled' : 'unconfirmed');
  }

  const CEREMONIES = {
    get: {
      ask: approval,
      path: '/mobile/verify',
      body: (credential) => ({
        session_id: asked.session_id,
        ticket: asked.ticket,
        proof: { type: 'passkey', credential },
      }),
      done: approved,
    },
    create: {
      ask: creation,
      path: '/mobile/enroll',
      body: (passkey) => ({ token: asked.token, device: asked.device, passkey }),
      done: enrolled,
    },
  };

  async function go() {
    const ceremony = CEREMONIES[page.dataset.ceremony];
    show('working');
    let credential;
    try {
      credential = await ceremony.ask();
    } catch {
      show('ask');
      trouble.textContent = page.dataset.notUsed;
      return;
    }
    const { ok, answer } = await post(ceremony.path, JSON.stringify(ceremony.body(written(credential))));
    if (ok) ceremony.done(answer);
    else fail(answer);
  }

  if (!window.PublicKeyCredential) return;
  show('ask');
  document.getElementById('go').addEventListener('click', go);
  document.getElementById('decline')?.addEventListener('click', () => show('declined'));
})();
